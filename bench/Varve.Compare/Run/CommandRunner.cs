using System.Collections;
using System.Diagnostics;
using System.Text;

namespace Varve.Compare.Run;

/// <summary>
/// Runs one program at a time and measures it. Not thread-safe, but for <see cref="Stop"/>.
/// </summary>
/// <remarks>
/// A process that is forked by this one would begin with this one's resident set as its peak (the kernel carries ru_maxrss over
/// exec), so a small shell forks it instead, and ends; the orphan falls to us, the subreaper, to be waited for. It waits at a named pipe
/// before it executes the program, so that neither the shell's start nor its fork is on the clock.
/// </remarks>
internal sealed class CommandRunner
{
    private const string Script = """
        out=$1 err=$2 gate=$3 pid=$4 dir=$5; shift 5; cd "$dir" || exit 1
        { read -r go <"$gate"; exec "$@"; } >"$out" 2>"$err" </dev/null & echo $! >"$pid"
        """;

    private readonly string _folder;
    private readonly TimeSpan _limit;
    private readonly Dictionary<string, string> _environment;
    private readonly Lock _lock = new();
    private int _group; // guarded by _lock; 0 while nothing runs
    private bool _stopped; // guarded by _lock

    /// <summary>Keeps its files in <paramref name="folder"/>; kills what runs longer than <paramref name="limit"/>.</summary>
    public CommandRunner(string folder, TimeSpan limit)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        _limit = limit;
        _environment = CleanEnvironment(_folder);
        Native.BecomeSubreaper();
    }

    /// <summary>Runs a program to its end. Its failure is in the result; only one that cannot be started at all throws.</summary>
    public CommandResult Run(Command command)
    {
        string output = Path.Combine(_folder, "out"), error = Path.Combine(_folder, "err");
        string gate = Path.Combine(_folder, "gate"), pidFile = Path.Combine(_folder, "pid");
        File.Delete(gate);
        Native.MakeFifo(gate);
        Dictionary<string, string> environment = new(_environment);
        foreach ((string name, string value) in command.Environment) { environment[name] = value; }
        IReadOnlyList<string> arguments =
            ["-c", Script, "sh", output, error, gate, pidFile, command.Directory ?? _folder, command.Program, .. command.Arguments];

        int group = Start(arguments, environment);
        bool late = false;
        try
        {
            (int shell, _, _) = Native.Wait(group);
            if (shell != 0) { throw new IOException($"The shell that starts {command.Program} failed with exit code {shell}."); }
            int pid = int.Parse(File.ReadAllText(pidFile).AsSpan().Trim());
            using var timer = new Timer(_ => { late = true; Native.KillGroup(group); }, null, _limit, Timeout.InfiniteTimeSpan);
            int fd = OpenGate(gate);
            long start = Stopwatch.GetTimestamp();
            Native.WriteLineAndClose(fd);
            Native.WaitForEnd(pid);
            TimeSpan wall = Stopwatch.GetElapsedTime(start);
            timer.Change(Timeout.Infinite, Timeout.Infinite);
            (int code, TimeSpan cpu, long peak) = Native.Wait(pid);
            string reason = late ? $"stopped after {_limit.TotalSeconds:0} s" : LastLine(error);
            return new CommandResult(code, wall, cpu, peak, Beginning(output), reason);
        }
        finally
        {
            lock (_lock) { _group = 0; }
        }
    }

    /// <summary>Kills what runs and starts nothing more.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _stopped = true;
            if (_group != 0) { Native.KillGroup(_group); }
        }
    }

    private int Start(IReadOnlyList<string> arguments, Dictionary<string, string> environment)
    {
        lock (_lock)
        {
            if (_stopped) { throw new OperationCanceledException(); }
            return _group = Native.Spawn("/bin/sh", arguments, environment);
        }
    }

    private static int OpenGate(string gate)
    {
        for (int attempt = 0; attempt < 10_000; attempt++)
        {
            int fd = Native.OpenFifo(gate);
            if (fd >= 0) { return fd; }
            Thread.Sleep(1);
        }

        throw new IOException("The shell did not come to the gate within 10 s.");
    }

    // Nothing of the user's may decide what is measured, and nothing measured may reach the user's own files.
    private static Dictionary<string, string> CleanEnvironment(string folder)
    {
        var environment = new Dictionary<string, string>();
        string[] foreign = ["RESTIC_", "BORG_", "VARVE_", "XDG_", "ZSTD_", "LC_", "LANG"];
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            string name = (string)variable.Key;
            if (!foreign.Any(f => name.StartsWith(f, StringComparison.Ordinal))) { environment[name] = (string?)variable.Value ?? ""; }
        }

        environment["LC_ALL"] = "C.UTF-8";
        environment["HOME"] = Directory.CreateDirectory(Path.Combine(folder, "home")).FullName;
        environment["TMPDIR"] = Directory.CreateDirectory(Path.Combine(folder, "tmp")).FullName;
        return environment;
    }

    private static string Beginning(string path)
    {
        using FileStream file = File.OpenRead(path);
        var bytes = new byte[4096];
        return Encoding.UTF8.GetString(bytes, 0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
    }

    private static string LastLine(string path)
    {
        using FileStream file = File.OpenRead(path);
        file.Position = Math.Max(0, file.Length - 4096);
        using var reader = new StreamReader(file);
        string last = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .LastOrDefault("");
        return last.Length <= 160 ? last : last[..160] + "...";
    }
}
