using System.Globalization;
using System.Text.Json;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.Crash.Thrash;

/// <summary>
/// Some sources, two caches, and many runs of the program at once, of which each may be killed or stopped anywhere, or may be told a wall
/// clock that is off by hours, days or years.
/// </summary>
internal sealed class ThrashRun : IDisposable
{
    private const int MostAtOnce = 4, MostAsleep = 2, Sources = 3, Most = 7, InRound = 20, Life = ThrashPlace.Life;

    private readonly Random _random;
    private readonly Action<string> _say;
    private readonly ThrashPlace _place = new();
    private readonly ThrashTruth _truth = new();
    private readonly ThrashJudge _judge;
    private readonly ThrashSource[] _sources;
    private readonly string[] _caches;
    private readonly List<ThrashProcess> _live = [];
    private readonly Dictionary<string, TimeSpan> _usual = []; // how long a command takes

    /// <param name="seed">Decides upon all but how fast things go.</param>
    /// <param name="say">Is told of everything that is begun and ends.</param>
    internal ThrashRun(int seed, Action<string> say)
    {
        _random = new Random(seed);
        _say = say;
        _sources = [.. Enumerable.Range(0, Sources).Select(n => new ThrashSource(
            _place["source-" + (char)('a' + n)], _place["kept-" + (char)('a' + n)], _random))];
        _caches = [_place["cache-one"], _place["cache-two"]];
        _place.Varve(_caches[0]).Succeed("init");
        _judge = new ThrashJudge(_place, _sources, _truth, Figures);
    }

    internal ThrashFigures Figures { get; } = new();

    /// <summary>Starts a number of programs, waits until all but those that are stopped have ended, and looks.</summary>
    internal void Round()
    {
        Figures.Rounds++;
        foreach (ThrashSource source in _sources)
        {
            if (source.Readers == 0 && _random.Next(4) > 0) { source.Change(_random); }
        }

        for (int begun = 0; begun < InRound;)
        {
            if (_live.Count < MostAtOnce)
            {
                Begin();
                begun++;
            }
            else { Look(); }
        }

        Poll.Until(() =>
        {
            Look();
            return _live.TrueForAll(static p => p.IsAsleep);
        }, "all have ended that are not stopped");
        // The caches as they are, or as they would be after a crash: who is stopped may hold what others wait for.
        var used = _live.Select(static p => p.Cache).ToHashSet();
        var caches = new List<string>();
        foreach (string cache in _caches)
        {
            string copy = used.Contains(cache) ? _place.New("copy") : cache;
            // One that is not there, nobody came so far as to make.
            if (copy != cache && Directory.Exists(cache)) { Programs.Run("cp", "-a", cache, copy); }
            caches.Add(copy);
        }

        _say("looks at everything");
        // One of them each time: to restore everything three times takes longer than all else.
        string old = caches[Figures.Rounds % caches.Count];
        _judge.Require([old], $"round {Figures.Rounds}");
        foreach (string copy in caches.Except(_caches)) { Programs.Run("rm", "-rf", copy); }
    }

    /// <summary>Wakes who is asleep; when all have ended, prunes until nothing is left of any prune, and looks once more.</summary>
    internal void End()
    {
        _say("the end");
        foreach (ThrashProcess one in _live.Where(static p => p.IsAsleep)) { one.Wake(); }
        Poll.Until(() =>
        {
            Look();
            return _live.Count == 0;
        }, "all that were woken have ended");
        foreach (string cache in _caches)
        {
            _say("prunes with " + Path.GetFileName(cache));
            Poll.Until(() =>
            {
                VarveResult result = _place.Varve(cache).Run("prune", "--max-unused", "0", "--json");
                if (result.ExitCode == 11) { return false; } // another's, which does not yet count as dead
                // Sessions of who was killed are ended as soon as they may be called dead, whether anything is to be deleted or not.
                return result.Expect(0).Object.GetProperty("outcome").GetString() == "done" && _place.Count("sessions") == 0;
            }, "a prune has nothing to wait for, and no session is left");
        }

        foreach (string folder in (string[])["condemned", "final", "sessions"])
        {
            Assert.True(_place.Count(folder) == 0, $"{_place.Count(folder)} objects are left in {folder}");
        }

        _say("looks at everything at the end");
        _judge.Require(_caches, "at the end");
    }

    /// <summary>Keeps the repository, its sources and caches.</summary>
    internal void Keep(string at) => _place.Keep(at);

    public void Dispose()
    {
        foreach (ThrashProcess one in _live) { one.Dispose(); }
        _place.Dispose();
    }

    private void Look()
    {
        foreach (ThrashProcess one in _live.ToArray())
        {
            if (!one.Look())
            {
                if (one.IsEndless) { Assert.Fail($"{one.What} does not end\n{string.Join('\n', _live.Select(Describe))}{_place.Describe()}"); }
                continue;
            }

            _live.Remove(one);
            if (one.WasKilled) { Figures.Kills++; }
            if (one.WasStopped) { Figures.Stops++; }
            if (!one.WasKilled && !one.WasStopped) { _usual[one.What.Split(' ')[0]] = one.Lasted; }
            _say(string.Create(CultureInfo.InvariantCulture,
                $"{one.Result.ExitCode} from {one.What} after {one.Lasted.TotalSeconds:0.00} s"));
            one.Ended(one);
            one.Dispose();
        }

        Thread.Sleep(2);
    }

    // One may end while it is looked at.
    private static string Describe(ThrashProcess one)
    {
        try { return one.Describe(); }
        catch (IOException e) { return $"{one.What}: {e.Message}"; }
    }

    private void Begin()
    {
        string cache = _caches[_random.Next(_caches.Length)];
        bool isFull = _judge.Listed.Count > Most;
        switch (_random.Next(20))
        {
            case < 9:
                BackUp(cache);
                break;
            case < 12:
                Forget(cache, isFull ? 4 : 1);
                break;
            case < 16:
                string[] how = _random.Next(4) switch { 0 => [], 1 => ["--max-unused", "0", "--wait"], _ => ["--max-unused", "0"] };
                Start(cache, Prune, ["prune", "--json", .. how]);
                break;
            case 16:
                Start(cache, p => Allow(p, 0, 11), "prune", "--undo");
                break;
            case 17:
                Start(cache, p => Allow(p, 0), "check");
                break;
            default:
                Restore(cache);
                break;
        }
    }

    private void BackUp(string cache)
    {
        ThrashSource source = _sources[_random.Next(Sources)];
        int version = source.Version;
        source.Readers++;
        Start(cache, p =>
        {
            source.Readers--;
            if (p.WasKilled) { return; }
            if (p.Result.ExitCode == 1 && Kind(p) == "sessionLost") { Figures.Lost++; }
            else if (Allow(p, 0, 11))
            {
                Figures.Backups++;
                _truth.Committed(p.Result.Object.GetProperty("snapshot").GetString()!, source, version);
            }
        }, "backup", "--json", source.Path);
    }

    private void Forget(string cache, int most)
    {
        string[] some = [.. _judge.Listed.Keys.Where(s => !_truth.IsForgotten(s)).OrderBy(_ => _random.Next()).Take(1 + _random.Next(most))];
        if (some.Length == 0) { return; }
        _truth.Forgotten(some);
        Figures.Forgotten += some.Length;
        Start(cache, p =>
        {
            if (!p.WasKilled && !(p.Result.ExitCode == 1 && Kind(p) == "notFound")) { Allow(p, 0, 11); }
        }, ["forget", "--json", "--allow-empty", .. some]);
    }

    private void Restore(string cache)
    {
        if (_judge.Listed.Count == 0) { return; }
        (string snapshot, ThrashSource source) = _judge.Listed.ElementAt(_random.Next(_judge.Listed.Count));
        string target = _place.New("beside");
        Start(cache, p =>
        {
            if (!p.WasKilled && !(p.Result.ExitCode != 0 && !_truth.Needed.Contains(snapshot)) && Allow(p, 0))
            {
                _judge.RequireIs(snapshot, source, target, p.What);
            }

            Programs.Run("rm", "-rf", target);
        }, "restore", "--json", snapshot, "--target", target);
    }

    private void Prune(ThrashProcess ended)
    {
        if (ended.WasKilled || !Allow(ended, 0, 11)) { return; }
        JsonElement result = ended.Result.Object;
        Figures.Prunes++;
        Figures.Fenced += result.GetProperty("fencedSessions").GetInt32();
        Figures.DeletedPacks += result.GetProperty("deletedPacks").GetInt32();
    }

    /// <summary>It ended as it may; whether it did what it was asked to.</summary>
    private bool Allow(ThrashProcess ended, params int[] codes)
    {
        if (ended.WasKilled) { return false; }
        Assert.True(codes.Contains(ended.Result.ExitCode),
            $"{ended.What} ended with {ended.Result.ExitCode}: {ended.Result.Text}{ended.Result.Error}");
        if (ended.Result.ExitCode == 11) { Figures.Busy++; }
        return ended.Result.ExitCode == 0;
    }

    private static string? Kind(ThrashProcess ended) => ended.Result.ErrorObject.GetProperty("kind").GetString();

    private void Start(string cache, Action<ThrashProcess> ended, params string[] arguments)
    {
        TimeSpan off = _random.Next(3) == 0
            ? TimeSpan.FromSeconds((_random.Next(2) * 2 - 1) * Math.Pow(10, 3 + 4.5 * _random.NextDouble())) : default;
        TimeSpan usual = _usual.GetValueOrDefault(arguments[0], TimeSpan.FromSeconds(1)), moment = 1.2 * _random.NextDouble() * usual;
        int fate = _random.Next(10);
        bool isKilled = fate < 3, isStopped = fate is 3 or 4 && _live.Count(static p => p.IsAsleep) < MostAsleep;
        TimeSpan sleeps = TimeSpan.FromSeconds(_random.Next(3) == 0 ? Life / 2.0 : Life * (2 + 4 * _random.NextDouble()));
        string what = string.Create(CultureInfo.InvariantCulture,
            $"{arguments[0]} number {Figures.Processes++} ({string.Join(' ', arguments[1..])}, {Path.GetFileName(cache)}, clock off by {off}"
            + $"{(isKilled ? ", killed after " + moment : "")}{(isStopped ? $", stopped after {moment} for {sleeps}" : "")})");
        if (off != default) { Figures.Shifted++; }
        _say("begins: " + what);
        _live.Add(new ThrashProcess(_place.Varve(cache, off).Start([.. arguments]), what, isKilled ? moment : null,
            isStopped ? moment : null, isStopped ? sleeps : null, ended)
        { Cache = cache });
    }
}
