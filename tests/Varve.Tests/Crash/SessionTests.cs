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

/// <summary>Invariant 8: a writer is visible while it runs, and commits nothing in a session that is not.</summary>
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
    public void A_writer_whose_session_somebody_deleted_takes_another_and_proves_what_it_stored()
    {
        using var rig = new Rig();
        LoseSession(rig, () =>
        {
            foreach (StoreObject session in rig.Store.List(ObjectKeys.Sessions)) { rig.Store.Delete(session.Key); }
        });
    }

    [Fact]
    public void A_writer_takes_another_session_when_one_is_seven_days_old()
    {
        var clock = new JumpingTime();
        using var rig = new Rig { Time = clock };
        LoseSession(rig, () => clock.Jump(TimeSpan.FromDays(7)));
    }

    [Fact]
    public void A_machine_that_slept_longer_than_its_session_lives_commits_if_nobody_fenced_it()
    {
        var clock = new JumpingTime();
        using var rig = new Rig { Time = clock };
        ChangingTree.Create(rig.Source);
        int stored = 0;
        BackupResult result = rig.Backup(store: new HookStore(rig.Store)
        {
            After = o =>
            {
                if (o.StartsWith("put packs/", StringComparison.Ordinal) && Interlocked.Increment(ref stored) == 1)
                {
                    clock.Jump(TimeSpan.FromHours(9));
                }
            },
        });
        Assert.Empty(rig.Warnings);
        rig.RequireRestores(result.Name, rig.Source, "after a night");
    }

    [Fact]
    public void Somebody_who_deletes_every_session_is_told_of_and_not_waited_out()
    {
        using var rig = new Rig();
        ChangingTree.Create(rig.Source);
        var store = new HookStore(rig.Store)
        {
            After = o =>
            {
                if (o.StartsWith("replace sessions/", StringComparison.Ordinal)) { rig.Store.Delete(o["replace ".Length..]); }
            },
        };
        Rig.Throws(ErrorKind.SessionLost, () => rig.Backup(store: store));
        Assert.Empty(rig.Snapshots());
        rig.RequireRestores(rig.Backup().Name, rig.Source, "once nobody does");
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
    public void A_session_that_is_gone_is_not_revived_by_its_refresh()
    {
        var clock = new FakeTime();
        var store = new MemoryStore();
        using var session = new Session(store, clock, "host");
        string key = store.List(ObjectKeys.Sessions).Single().Key;
        store.Delete(key);
        clock.Advance(600);
        Assert.Empty(store.List(ObjectKeys.Sessions));
        Rig.Throws(ErrorKind.SessionLost, () => session.EnsureAlive(static _ => false));
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
        BackupResult next = rig.Backup(store: store);
        Assert.True(stored > 0);
        Assert.Equal(ErrorKind.SessionLost, Assert.Single(rig.Warnings).Cause!.Kind);
        Assert.Equal([first, next.Name], rig.Snapshots().Select(static s => s.Name));
        rig.RequireRestores(next.Name, rig.Source, "in another session");
        rig.RequireRestores(first, before, "the snapshot before");
        rig.RequireClean("after the lost session");
    }
}
