using System.Globalization;
using System.Text;
using Varve.Backup;
using Varve.Maintain.Forget;
using Varve.Maintain.Prune;
using Varve.Model;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;
using Varve.Vault.Open;

namespace Varve.Tests.Crash;

/// <summary>
/// Backups, forgetting and prunes of several machines beside each other, whose clocks jump, on a store that is slow, lists late and fails
/// at random. VARVE_TEST_SEED repeats what was decided upon; how fast things go decides too.
/// </summary>
[Trait("Does", "race")]
public sealed class PruneStormTests(ITestOutputHelper output)
{
    private const int Writers = 3, Pruners = 2, Rounds = 8, Calm = 4, Each = 2, MostKept = 6;

    private readonly object _lock = new();
    private readonly Dictionary<ObjectName, string> _committed = []; // and the tree that each restores to
    private readonly HashSet<ObjectName> _forgotten = [];
    private readonly List<string> _wrong = [];
    private int _backups, _given, _prunes, _deleted, _fenced;

    [Fact]
    public void Whatever_runs_beside_what_on_an_unsteady_store_every_snapshot_that_nobody_forgot_restores() => Within.Run(() =>
    {
        int seed = int.Parse(Environment.GetEnvironmentVariable("VARVE_TEST_SEED")
            ?? Random.Shared.Next().ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        output.WriteLine($"seed {seed}");
        var store = new UnsteadyStore(new MemoryStore(), seed) { IsCalm = true, IsPunctual = true };
        using var rig = new Rig(store); // a repository is made, and opened at once
        store.IsPunctual = false;
        string[] sources = [.. Enumerable.Range(0, Writers).Select(n => rig["source-" + n])];
        foreach (string source in sources) { MixedTree.Create(Directory.CreateDirectory(source).FullName); }
        Machine[] machines = [.. Enumerable.Range(0, Writers).Select(n => new Machine(rig, $"writer-{n}", n)),
            .. Enumerable.Range(0, Pruners).Select(n => new Machine(rig, $"pruner-{n}", n)), new Machine(rig, "forgetter", 0)];
        for (int round = 0; round < Rounds; round++)
        {
            string when = $"seed {seed}, round {round}";
            store.IsCalm = false;
            List<Thread> threads = [.. machines.Select((m, n) => Begin(m, new Random(HashCode.Combine(seed, n, round)), sources[m.Number]))];
            threads.ForEach(static t => t.Start());
            threads.ForEach(static t => t.Join());
            Assert.True(_wrong.Count == 0, $"{when}: {string.Join("\n", _wrong)}");
            store.IsCalm = true;
            Thread.Sleep(store.Lateness); // from then on listings are right
            rig.Cache = rig[round % 2 == 0 ? "cache-fresh-" + round : "cache-writer-" + (round % Writers)];
            RequireAll(rig, when);
        }

        // How far prunes come in a storm is chance; in the calm after it one that calls the dead dead comes to its end.
        Machine last = machines.First(static m => m.Name == "pruner-0");
        for (int i = 0; i < Calm; i++)
        {
            try { Prune(last, new Random(seed)); }
            catch (VarveException e) when (e.Kind == ErrorKind.Busy)
            {
                // The other's list, and a session that this one has not seen for long enough.
                last.Clock.Jump(2 * Session.Life);
            }
        }

        Thread.Sleep(store.Lateness);
        RequireAll(rig, $"seed {seed}, in the end");
        output.WriteLine($"{_backups} backups, {_given} gave up, {store.Failures} failures of the store, {_forgotten.Count} forgotten, "
            + $"{_prunes} prunes, {_deleted} packs deleted, {_fenced} sessions fenced");
        Assert.True(_backups >= Rounds && _prunes > 0 && _deleted > 0, $"seed {seed}: {_backups}, {_prunes}, {_deleted}");
    });

    private void RequireAll(Rig rig, string when)
    {
        rig.RequireClean(when);
        foreach ((ObjectName snapshot, string tree) in _committed.Where(c => !_forgotten.Contains(c.Key)))
        {
            rig.RequireRestores(snapshot, tree, when);
        }
    }

    /// <summary>A machine of its own: its cache, which stays from round to round, and a clock that jumps.</summary>
    private sealed record Machine(Rig Rig, string Name, int Number)
    {
        internal JumpingTime Clock { get; } = new();

        internal Repository Open() => Repository.Open(new HookStore(Rig.Store), Rig.Key,
            Rig.Options() with { CacheRoot = Rig["cache-" + Name], Time = Clock });
    }

    private Thread Begin(Machine machine, Random random, string source) => new(() =>
    {
        for (int i = 0; i < Each; i++)
        {
            Try(machine.Name, () =>
            {
                if (machine.Name.StartsWith("writer", StringComparison.Ordinal)) { BackUp(machine, source, random); }
                else if (machine.Name.StartsWith("pruner", StringComparison.Ordinal)) { Prune(machine, random); }
                else { Forget(machine, random); }
            });
        }
    });

    private void BackUp(Machine machine, string source, Random random)
    {
        MixedTree.Change(Fresh(source), random.Next(40));
        FileClock.Settle();
        string tree = machine.Rig.Keep(source, $"kept-{Guid.NewGuid():N}");
        if (random.Next(4) == 0) { machine.Clock.Jump(Session.Life); }
        using Repository repository = machine.Open();
        BackupResult result = BackupRunner.Run(
            repository, new BackupOptions { RootPath = Encoding.UTF8.GetBytes(source) }, new BackupMonitor(), default);
        lock (_lock)
        {
            _committed[result.Name] = tree;
            _backups++;
        }
    }

    // As it was made, so that any step can come: contents go and come back.
    private static string Fresh(string source)
    {
        Programs.Run("find", source, "-mindepth", "1", "-delete");
        MixedTree.Create(source);
        return source;
    }

    private void Prune(Machine machine, Random random)
    {
        using (Repository repository = machine.Open())
        {
            PruneResult result = Pruner.Run(repository, Pruning.All, new PruneMonitor(), default);
            lock (_lock)
            {
                _prunes++;
                _deleted += (int)result.DeletedPacks;
                _fenced += (int)result.FencedSessions;
            }
        }

        // Others may be taken for dead from now on, whether or not they are; now and then nobody is spared.
        machine.Clock.Jump(random.Next(4) == 0 ? 2 * Session.GreatestAge : 2 * Session.Life);
    }

    private void Forget(Machine machine, Random random)
    {
        ObjectName[] some;
        lock (_lock)
        {
            some = [.. _committed.Keys.Where(n => !_forgotten.Contains(n))];
            some = [.. some.OrderBy(_ => random.Next()).Take(Math.Max(1, some.Length - MostKept)).Take(some.Length - 1)];
            _forgotten.UnionWith(some);
        }

        using Repository repository = machine.Open();
        Forgetter.Run(repository, new ForgetRequest
        {
            Named = [.. some.Select(n => repository.FindSnapshot(n.ToString()))], Zone = TimeZoneInfo.Utc, AllowsEmpty = true,
        }, static e => throw e, default);
    }

    private void Try(string name, Action act)
    {
        try { act(); }
        catch (VarveException e) when (e.Kind is ErrorKind.Storage or ErrorKind.Busy or ErrorKind.SessionLost)
        {
            lock (_lock) { _given++; }
        }
        catch (VarveException e) when (e.Kind == ErrorKind.NotFound && name == "forgetter")
        {
            // A listing that is late does not have it.
        }
        catch (Exception e)
        {
            lock (_lock) { _wrong.Add($"{name}: {e}"); }
        }
    }
}
