using Varve.Backup;
using Varve.Backup.Commit;
using Varve.Format;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Store;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Maintain;
using Varve.Tree;
using Varve.Vault;
using Varve.Vault.Open;
using Varve.Vault.Snapshots;

namespace Varve.Tests.Crash;

/// <summary>
/// The writer's half of docs/protocol.md beside a stand-in for prune: what a writer does that was taken for dead, and what a snapshot is
/// worth that it put.
/// </summary>
[Trait("Does", "race")]
public sealed class FenceTests : IDisposable
{
    private readonly Rig _rig = new();

    public FenceTests()
    {
        ChangingTree.Create(_rig.Source);
        FileClock.Settle(); // what was written within the tick is read again anyway
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void A_writer_that_was_fenced_while_it_slept_and_whose_packs_were_deleted_stores_them_again()
    {
        int stored = 0;
        BackupResult result = _rig.Backup(store: new HookStore(_rig.Store)
        {
            Before = o =>
            {
                if (!o.StartsWith("put snapshots/", StringComparison.Ordinal) || Interlocked.Increment(ref stored) > 1) { return; }
                // Its last look at its session is behind it.
                Decide(Fence());
                _rig.Remove(ObjectKeys.Packs);
            },
        });
        Assert.Equal(2, stored);
        SnapshotInfo only = Assert.Single(_rig.Snapshots());
        Assert.Equal(result.Name, only.Name);
        _rig.RequireRestores(result.Name, _rig.Source, "in another session");
        _rig.RequireClean("after a prune");
        Assert.Contains(_rig.Warnings, static w => w.What.StartsWith("does not count", StringComparison.Ordinal));
        Assert.Equal(2, _rig.Store.List(ObjectKeys.Snapshots).Count()); // the void one lies there still
    }

    [Fact]
    public void A_first_backup_over_many_nights_gets_its_snapshot_though_each_night_takes_its_session_for_dead()
    {
        var clock = new JumpingTime();
        _rig.Time = clock;
        int nights = 0;
        BackupResult result = _rig.Backup(checkpoints: CheckpointPolicy.Default with { StoredBytes = 1 },
            store: new HookStore(_rig.Store)
            {
                After = o =>
                {
                    if (!o.StartsWith("put packs/", StringComparison.Ordinal) || Interlocked.Increment(ref nights) > 5) { return; }
                    clock.Jump(TimeSpan.FromHours(10));
                    // Packs that nothing names yet are spared for a week, which is prune's policy.
                    if (_rig.Store.List(ObjectKeys.Sessions).Any()) { Decide(Fence()); }
                },
            });
        Assert.InRange(nights, 2, int.MaxValue);
        Assert.Equal([result.Name], _rig.Snapshots().Select(static s => s.Name));
        _rig.RequireRestores(result.Name, _rig.Source, "after many nights");
        _rig.RequireClean("after many nights");
    }

    [Fact]
    public void A_snapshot_that_was_put_after_its_session_was_decided_is_in_no_list_and_displaces_nothing()
    {
        BackupResult first = _rig.Backup();
        string before = _rig.Keep(_rig.Source, "before");
        ChangingTree.Change(_rig.Source);
        BackupResult second = _rig.Backup();
        Decide(second.Snapshot.Session);
        Assert.Equal([first.Name], _rig.Snapshots().Select(static s => s.Name));
        BackupResult third = _rig.Backup();
        Assert.Equal((first.Name, 2L), (third.Snapshot.Parent, third.Snapshot.Generation));
        Assert.Equal([first.Name, third.Name], _rig.Snapshots().Select(static s => s.Name));
        _rig.RequireRestores(first.Name, before, "the first");
        _rig.RequireRestores(third.Name, _rig.Source, "the third");
        _rig.RequireClean("with a void snapshot");
    }

    [Fact]
    public void A_snapshot_that_the_decision_on_its_session_names_counts()
    {
        BackupResult first = _rig.Backup();
        Decide(first.Snapshot.Session, first.Name);
        Assert.Equal([first.Name], _rig.Snapshots().Select(static s => s.Name));
        // Of several decisions it has to be in each.
        Decide(first.Snapshot.Session, first.Name, Some.Name(1));
        Assert.Single(_rig.Snapshots());
        Decide(first.Snapshot.Session, Some.Name(1));
        Assert.Empty(_rig.Snapshots());
    }

    [Fact]
    public void A_snapshot_of_a_session_that_is_fenced_and_not_decided_is_shown_as_such_and_restored_and_nobody_relies_on_it()
    {
        BackupResult first = _rig.Backup();
        using (Repository repository = _rig.Open()) { Condemn.Fence(repository, new Fence(first.Snapshot.Session, null)); }
        SnapshotInfo shown = Assert.Single(_rig.Snapshots());
        Assert.True(shown.Snapshot.IsUndecided);
        _rig.RequireRestores(first.Name, _rig.Source, "undecided");
        BackupResult second = _rig.Backup();
        Assert.True(second.Snapshot.Parent == default, "it relies on an undecided snapshot");
        Assert.Equal(0, second.Snapshot.Counts.Unchanged);
        _rig.RequireRestores(second.Name, _rig.Source, "beside an undecided one");

        // Then it is decided: it counts again, as it did.
        Decide(first.Snapshot.Session, first.Name);
        Assert.Equal(2, _rig.Snapshots().Count(static s => !s.Snapshot.IsUndecided));
        _rig.RequireClean("when it is decided");
    }

    [Fact]
    public void A_pack_that_only_a_run_of_a_fenced_session_names_counts_if_it_is_there_and_not_if_it_is_gone()
    {
        BackupResult first = _rig.Backup();
        string twin = _rig.Keep(_rig.Source, "twin");
        Decide(first.Snapshot.Session, first.Name);
        BackupResult shared = _rig.Backup(twin);
        Assert.InRange(shared.Snapshot.Counts.BytesAdded, 0, 100_000); // they are there
        Decide(shared.Snapshot.Session);
        Decide(first.Snapshot.Session);
        _rig.Remove(ObjectKeys.Packs);
        string third = _rig.Keep(_rig.Source, "third");
        BackupResult again = _rig.Backup(third);
        Assert.True(again.Snapshot.Counts.BytesAdded > 100_000, "it relies on packs that are gone");
        _rig.RequireRestores(again.Name, third, "with packs of its own");
    }

    [Fact]
    public void What_a_killed_run_stored_is_not_believed_when_a_prune_deleted_it_meanwhile()
    {
        _rig.Die("put snapshots/");
        Assert.NotEmpty(_rig.Store.List(ObjectKeys.Packs));
        _rig.Remove(ObjectKeys.Packs);
        foreach (StoreObject run in _rig.Store.List(ObjectKeys.Index).ToArray()) { _rig.Store.Delete(run.Key); }
        BackupResult result = _rig.Backup();
        Assert.True(result.Resumed);
        _rig.RequireRestores(result.Name, _rig.Source, "carried on");
        _rig.RequireClean("after a run that was carried on");
    }

    [Fact]
    public void What_a_killed_run_stored_is_not_read_again_while_it_is_there()
    {
        _rig.Die("put snapshots/");
        BackupResult result = _rig.Backup();
        Assert.True(result.Resumed);
        long bytes = result.Snapshot.Counts.Bytes;
        Assert.InRange(result.Snapshot.Counts.BytesRead, 0, bytes / 10);
        _rig.RequireRestores(result.Name, _rig.Source, "carried on");
    }

    [Fact]
    public void While_packs_are_condemned_rows_of_the_snapshot_before_count_only_if_their_chunks_are_elsewhere()
    {
        BackupResult first = _rig.Backup();
        ObjectName[] packs = [.. _rig.Store.List(ObjectKeys.Packs).Select(static o => ObjectKeys.Name(o.Key))];
        string list;
        using (Repository repository = _rig.Open()) { list = Condemn.Put(repository, packs); }
        BackupResult second = _rig.Backup();
        Assert.Equal(first.Snapshot.RootTree, second.Snapshot.RootTree);
        // Nobody waits for the first snapshot, which was forgotten: its packs go.
        foreach (ObjectName pack in packs) { _rig.Store.Delete(ObjectKeys.Pack(pack)); }
        _rig.Store.Delete(list);
        _rig.RequireRestores(second.Name, _rig.Source, "with packs of its own");
    }

    [Fact]
    public void A_fence_that_no_full_key_signed_counts_for_nothing_and_is_reported()
    {
        BackupResult first = _rig.Backup();
        using (Repository repository = _rig.Open())
        {
            repository.AddKey(KeyLevel.Write, new Credentials { KeyFilePath = _rig["thief"] }, "thief");
        }

        var key = new Credentials { KeyFilePath = _rig["thief"] };
        using (Repository thief = Repository.Open(new HookStore(_rig.Store), key, _rig.Options()))
        {
            Condemn.Fence(thief, new Fence(first.Snapshot.Session, []));
            Condemn.Put(thief, [Some.Name(1)]);
        }

        Assert.False(Assert.Single(_rig.Snapshots()).Snapshot.IsUndecided);
        BackupResult second = _rig.Backup();
        Assert.Equal(first.Name, second.Snapshot.Parent);
        Assert.Equal(0, second.Snapshot.Counts.BytesRead);
        Assert.Equal(2, _rig.Warnings.Where(static w => w.What == "is disregarded: no full key signed it")
            .DistinctBy(static w => w.Subject.ToString()).Count());
    }

    [Fact]
    public void A_fence_that_is_damaged_is_an_error_for_a_writer_and_a_warning_for_a_reader()
    {
        BackupResult first = _rig.Backup();
        ObjectName name;
        using (Repository repository = _rig.Open()) { name = Condemn.Fence(repository, new Fence(SessionId.Create(), null)); }
        string key = ObjectKeys.Fences + name;
        byte[] bytes = _rig.Store.Get(key, long.MaxValue)!;
        bytes[^1] ^= 1;
        ((MemoryStore)_rig.Store).Overwrite(key, bytes);
        Rig.Throws(ErrorKind.Damaged, () => _rig.Backup());
        _rig.RequireRestores(first.Name, _rig.Source, "beside a damaged fence");
        Assert.Contains(_rig.Warnings, w => w.ToString().Contains(key, StringComparison.Ordinal));
        Assert.Contains(_rig.Check().Damages, d => d.Object == key);
    }

    [Fact]
    public void A_repository_that_was_open_before_a_prune_condemned_and_fenced_lists_both_when_it_writes()
    {
        _rig.Backup();
        using Repository daemon = _rig.Open();
        _ = daemon.Snapshots();
        daemon.LoadIndex();
        Assert.Empty(daemon.Store.List(ObjectKeys.Condemned));
        ObjectName[] packs = [.. _rig.Store.List(ObjectKeys.Packs).Select(static o => ObjectKeys.Name(o.Key))];
        using (Repository repository = _rig.Open()) { Condemn.Put(repository, packs); }
        string twin = _rig.Keep(_rig.Source, "twin");
        BackupResult second = BackupRunner.Run(daemon,
            new BackupOptions { RootPath = System.Text.Encoding.UTF8.GetBytes(twin) }, new BackupMonitor(), default);
        foreach (ObjectName pack in packs) { _rig.Store.Delete(ObjectKeys.Pack(pack)); }
        _rig.RequireRestores(second.Name, twin, "with packs of its own");
    }

    /// <summary>Fences the one session there is, which is returned.</summary>
    private SessionId Fence()
    {
        string key = Assert.Single(_rig.Store.List(ObjectKeys.Sessions)).Key;
        var session = new SessionId(Convert.FromHexString(key[ObjectKeys.Sessions.Length..]));
        using Repository repository = _rig.Open();
        Condemn.Fence(repository, new Fence(session, null));
        return session;
    }

    private void Decide(SessionId session, params ObjectName[] counting)
    {
        using Repository repository = _rig.Open();
        Condemn.Fence(repository, new Fence(session, counting));
    }
}
