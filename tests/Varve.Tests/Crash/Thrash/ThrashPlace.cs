using System.Globalization;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.Crash.Thrash;

/// <summary>The directory of a thrash: its repository, key, caches and targets, and how the program is run there.</summary>
internal sealed class ThrashPlace : IDisposable
{
    /// <summary>How long a session lives there, in seconds: a stop is soon longer.</summary>
    internal const int Life = 2;

    private readonly ScratchDirectory _scratch = new();
    private readonly string _clock;
    private int _number;

    internal ThrashPlace()
    {
        _clock = this["wallclock.so"];
        Programs.Run("gcc", "-O2", "-shared", "-fPIC", "-o", _clock, VarveProcess.Clone + "/tests/Varve.Tests/Kit/Processes/wallclock.c");
        string told = Programs.Run("env", "LD_PRELOAD=" + _clock, "VARVE_WALL_CLOCK=100000", "date", "+%s");
        Assert.InRange(long.Parse(told, CultureInfo.InvariantCulture) - DateTimeOffset.UtcNow.ToUnixTimeSeconds(), 90_000, 110_000);
    }

    internal string this[string name] => Path.Combine(_scratch.Path, name);

    internal string Repository => this["repository"];

    /// <summary>
    /// The program with a cache and a wall clock that is off by so much; other clocks are right, and so are the times of files.
    /// </summary>
    internal VarveProcess Varve(string cache, TimeSpan off = default)
    {
        var varve = new VarveProcess(_scratch.Path);
        varve.Environment["VARVE_REPO"] = Repository;
        varve.Environment["VARVE_KEY_FILE"] = this["key"];
        varve.Environment["VARVE_CACHE_DIR"] = cache;
        varve.Environment["VARVE_SESSION_SECONDS"] = Life.ToString(CultureInfo.InvariantCulture);
        varve.Environment["VARVE_CHECKPOINT_SECONDS"] = "1";
        if (off != default)
        {
            varve.Environment["LD_PRELOAD"] = _clock;
            varve.Environment["VARVE_WALL_CLOCK"] = off.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        }

        return varve;
    }

    /// <summary>A name that was not there before.</summary>
    internal string New(string name) => this[name + "-" + Interlocked.Increment(ref _number).ToString(CultureInfo.InvariantCulture)];

    /// <summary>How many objects lie in a folder of the repository.</summary>
    internal int Count(string folder) => Directory.Exists(Path.Combine(Repository, folder))
        ? Directory.GetFiles(Path.Combine(Repository, folder), "*", SearchOption.AllDirectories).Length : 0;

    /// <summary>What prunes and writers wait for: sessions, lists, marks and fences, and what each cache has seen of them.</summary>
    internal string Describe() => Programs.Run("bash", "-c", $"""
        cut -d' ' -f1 /proc/uptime; cat /proc/locks
        cd '{Repository}' && for file in sessions/* condemned/* final/* fences/*; do stat -c '%n %s %y' "$file"; done 2>/dev/null
        cd .. && tail -n +1 repository/sessions/* cache-*/*/prune cache-*/*/prune-sessions 2>/dev/null; stat -c '%n %i' cache-*/*/prune.lock 2>/dev/null || true
        """);

    /// <summary>Keeps what there is, for whoever wants to know what happened.</summary>
    internal void Keep(string at) => Programs.Run("cp", "-a", _scratch.Path, at);

    public void Dispose() => _scratch.Dispose();
}
