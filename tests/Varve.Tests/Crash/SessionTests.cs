using Varve.Backup;
using Varve.Format;
using Varve.Model;
using Varve.Store;
using Varve.Tests.App;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault.Open;

namespace Varve.Tests.Crash;

/// <summary>Invariants 8 and 12: a writer is visible while it runs, and commits nothing once it is not.</summary>
[Trait("Does", "race")]
public sealed class SessionTests
{
    [Fact]
    public void A_session_stands_from_before_the_first_pack_until_after_the_snapshot()
    {
        using var rig = new Rig();
        ChangingTree.Create(rig.Source);
        var live = new List<int>();
        var store = new HookStore(rig.Store) { After = o => Note(o, "put packs/"), Before = o => Note(o, "put snapshots/") };
        void Note(string operation, string which)
        {
            if (!operation.StartsWith(which, StringComparison.Ordinal)) { return; }
            lock (live) { live.Add(rig.Store.List(ObjectKeys.Sessions).Count()); }
        }

        rig.Backup(store: store);
        Assert.True(live.Count >= 3);
        Assert.All(live, n => Assert.Equal(1, n));
        Assert.Empty(rig.Store.List(ObjectKeys.Sessions));
    }

    [Fact]
    public void A_session_that_somebody_deleted_prevents_the_snapshot_and_the_next_run_makes_it()
    {
        using var rig = new Rig();
        LoseSession(rig, () =>
        {
            foreach (StoreObject session in rig.Store.List(ObjectKeys.Sessions)) { rig.Store.Delete(session.Key); }
        });
    }

    [Fact]
    public void A_session_that_expired_prevents_the_snapshot_and_the_next_run_makes_it()
    {
        var clock = new JumpingTime();
        using var rig = new Rig { Time = clock };
        LoseSession(rig, () => clock.Jump(TimeSpan.FromHours(1)));
    }

    [Fact]
    public void A_session_that_is_refreshed_outlasts_its_first_expiry()
    {
        var clock = new FakeTime();
        using var rig = new Rig { Time = clock };
        ChangingTree.Create(rig.Source);
        bool once = false;
        BackupResult result = rig.Backup(store: new HookStore(rig.Store)
        {
            Before = o =>
            {
                if (!o.StartsWith("put snapshots/", StringComparison.Ordinal)
                    && (!o.StartsWith("put packs/", StringComparison.Ordinal) || once))
                {
                    return;
                }
                once = true;
                clock.Advance(3 * 3600);
            },
        });
        rig.RequireRestores(result.Name, rig.Source, "after three hours");
    }

    [Fact]
    public void A_session_that_expired_is_not_revived_by_its_refresh()
    {
        var clock = new FakeTime();
        var store = new MemoryStore();
        using var session = new Session(store, clock, "host");
        string key = store.List(ObjectKeys.Sessions).Single().Key;
        store.Delete(key);
        clock.Advance(600);
        Assert.Empty(store.List(ObjectKeys.Sessions));
        Rig.Throws(ErrorKind.SessionLost, session.EnsureAlive);
    }

    private static void LoseSession(Rig rig, Action lose)
    {
        ChangingTree.Create(rig.Source);
        ObjectName first = rig.Backup().Name;
        string before = rig.Keep(rig.Source, "before");
        ChangingTree.Change(rig.Source);
        int stored = 0;
        var store = new HookStore(rig.Store)
        {
            After = o =>
            {
                if (o.StartsWith("put packs/", StringComparison.Ordinal) && Interlocked.Increment(ref stored) == 1) { lose(); }
            },
        };
        Rig.Throws(ErrorKind.SessionLost, () => rig.Backup(store: store));
        Assert.True(stored > 0);
        Assert.Equal([first], rig.Snapshots().Select(s => s.Name));
        rig.RequireClean("after the lost session");
        BackupResult next = rig.Backup();
        rig.RequireRestores(next.Name, rig.Source, "the next run");
        rig.RequireRestores(first, before, "the snapshot before");
        rig.RequireClean("after the next run");
    }
}
