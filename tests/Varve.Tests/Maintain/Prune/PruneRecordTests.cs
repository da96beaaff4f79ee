using Varve.Format;
using Varve.Maintain.Prune;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Store;
using Varve.Tests.Crash;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Tree;
using Varve.Vault;
using Varve.Vault.Open;

namespace Varve.Tests.Maintain.Prune;

/// <summary>What prunes leave for others, and what others left for prunes.</summary>
public sealed class PruneRecordTests : IDisposable
{
    private readonly JumpingTime _clock = new();
    private readonly Rig _rig;
    private readonly ObjectName _first, _second;

    public PruneRecordTests()
    {
        _rig = new Rig { Time = _clock };
        ChangingTree.Create(_rig.Source);
        FileClock.Settle();
        _first = _rig.Backup().Name;
        ChangingTree.Change(_rig.Source);
        FileClock.Settle();
        _second = _rig.Backup().Name;
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void A_snapshot_that_was_recorded_as_forgotten_and_is_still_there_goes_first()
    {
        _rig.RecordForgotten(_first);
        PruneResult result = _rig.Prune();
        Assert.Equal(1, result.RemovedSnapshots);
        Assert.Equal([_second], _rig.Snapshots().Select(static s => s.Name));
        Assert.True(result.DeletedPacks > 0);
        _rig.RequireRestores(_second, _rig.Source, "after the prune");
    }

    [Fact]
    public void A_snapshot_that_was_pinned_after_it_was_recorded_as_forgotten_stays_with_all_that_it_needs()
    {
        _rig.RecordForgotten(_first);
        _clock.Jump(TimeSpan.FromMinutes(1));
        using (Repository repository = _rig.Open())
        {
            repository.Notes.Put(new Note
            {
                Kind = NoteKind.Pin, At = FileTime.From(_clock.GetUtcNow()), Snapshots = [_first],
            });
        }

        Assert.Equal(0, _rig.Prune().RemovedSnapshots);
        Assert.Equal(2, _rig.Snapshots().Count);
        Assert.Empty(_rig.Restored(_first).Failures);
    }

    [Fact]
    public void A_forgotten_snapshot_that_a_pin_holds_goes_with_the_first_prune_after_the_pin_ended_though_nothing_else_changed()
    {
        _rig.RecordForgotten(_first);
        _clock.Jump(TimeSpan.FromMinutes(1));
        using (Repository repository = _rig.Open())
        {
            repository.Notes.Put(new Note
            {
                Kind = NoteKind.Pin, At = FileTime.From(_clock.GetUtcNow()), Snapshots = [_first],
                Until = FileTime.From(_clock.GetUtcNow() + TimeSpan.FromHours(1)),
            });
        }

        for (int i = 0; i < 2; i++) { Assert.Equal(0, _rig.Prune().RemovedSnapshots); }
        _clock.Jump(TimeSpan.FromHours(2));
        Assert.Equal(1, _rig.Prune().RemovedSnapshots);
        Assert.Equal([_second], _rig.Snapshots().Select(static s => s.Name));
    }

    [Fact]
    public void A_prune_with_nothing_to_delete_ends_a_dead_session_so_that_the_next_has_not_to_wait_for_it()
    {
        Assert.True(_rig.Prune().DeletedPacks == 0 && _rig.Prune().Unchanged); // there is a mark that says so
        using (var dead = new Session(_rig.Store, _clock, "a machine")) { dead.Leave(); }
        PruneResult first = _rig.Prune();
        Assert.Equal((PruneOutcome.Done, 0), (first.Outcome, first.FencedSessions));
        Assert.Single(_rig.Keys(ObjectKeys.Sessions)); // may live, as far as anybody can tell
        _clock.Jump(2 * Session.Life);
        PruneResult second = _rig.Prune();
        Assert.Equal((PruneOutcome.Done, 1), (second.Outcome, second.FencedSessions));
        _rig.RequireNothingBegun("after the second");
        Assert.True(_rig.Prune().Unchanged);
        _rig.Forget(_first);
        Assert.True(_rig.Prune().DeletedPacks > 0);
    }

    [Fact]
    public void The_session_that_a_fenced_writer_put_again_when_it_woke_is_removed()
    {
        SessionId id;
        using (var dead = new Session(_rig.Store, _clock, "a machine"))
        {
            id = dead.Id;
            dead.Leave();
        }

        byte[] bytes = _rig.Store.Get(ObjectKeys.Sessions + id, Limits.MaxSmallObject)!;
        _rig.Prune();
        _clock.Jump(2 * Session.Life);
        _rig.Prune();
        _rig.Store.Put(ObjectKeys.Sessions + id, bytes);
        ChangingTree.ChangeAgain(_rig.Source);
        _rig.Backup();
        Assert.Equal(0, _rig.Prune().FencedSessions);
        _rig.RequireNothingBegun("after it woke");
    }

    [Fact]
    public void A_void_snapshot_is_nobodys_and_what_it_alone_needs_goes()
    {
        SnapshotInfo first = _rig.Snapshots().Single(s => s.Name == _first);
        using (Repository repository = _rig.Open()) { Condemn.Fence(repository, new Fence(first.Snapshot.Session, [])); }
        Assert.True(_rig.Prune().DeletedPacks > 0);
        _rig.RequireRestores(_second, _rig.Source, "beside a void snapshot");
        Assert.Contains(_rig.Warnings, static w => w.What.StartsWith("does not count", StringComparison.Ordinal));
    }

    [Fact]
    public void An_undecided_snapshot_keeps_all_that_it_needs()
    {
        SnapshotInfo first = _rig.Snapshots().Single(s => s.Name == _first);
        using (Repository repository = _rig.Open()) { Condemn.Fence(repository, new Fence(first.Snapshot.Session, null)); }
        _rig.Prune();
        Assert.Empty(_rig.Restored(_first).Failures);
    }

    [Fact]
    public void Many_fences_become_one_object_that_says_what_all_said_and_old_ones_go_at_the_end()
    {
        SessionId voided = _rig.Snapshots().Single(s => s.Name == _first).Snapshot.Session;
        using (Repository repository = _rig.Open())
        {
            Condemn.Fence(repository, new Fence(voided, [_first, _second]));
            Condemn.Fence(repository, new Fence(voided, [_second]));
            for (int i = 0; i < 12; i++) { Condemn.Fence(repository, new Fence(SessionId.Create(), i % 2 == 0 ? null : [])); }
        }

        Assert.Equal([_second], _rig.Snapshots().Select(static s => s.Name));
        Assert.True(_rig.Prune().DeletedPacks > 0);
        Assert.Single(_rig.Keys(ObjectKeys.Fences));
        Assert.Equal([_second], _rig.Snapshots().Select(static s => s.Name));
        _rig.RequireRestores(_second, _rig.Source, "after fences were merged");
    }

    [Fact]
    public void The_list_of_a_prune_whose_session_somebody_removed_is_no_ones_and_goes()
    {
        using (Repository repository = _rig.Open()) { Condemn.Put(repository, [Kit.Some.Name(3)]); }
        Assert.Equal(PruneOutcome.Done, _rig.Prune().Outcome);
        _rig.RequireNothingBegun("after a list that was left");
    }

    [Fact]
    public void Removals_are_durable_in_the_order_of_packs_runs_and_list()
    {
        _rig.Forget(_first);
        var log = new List<string>();
        _rig.Prune(store: _rig.Logged(log));
        int Last(string what) => log.FindLastIndex(o => o.StartsWith(what, StringComparison.Ordinal));
        int First(string what) => log.FindIndex(o => o.StartsWith(what, StringComparison.Ordinal));
        Assert.True(First("put index/") < First("delete packs/"));
        Assert.True(Last("delete packs/") < First("delete index/"));
        Assert.True(Last("delete index/") < First("delete condemned/"));
        Assert.True(Last("delete condemned/") < First("delete final/"));
        Assert.True(First("put condemned/") < First("put final/"));
        Assert.True(First("delete final/") < First("delete sessions/"));
    }

    [Fact]
    public void Where_there_is_no_room_a_prune_deletes_what_it_can_and_says_how_much_more_it_needs()
    {
        _rig.Forget(_first);
        PruneResult result = _rig.Prune(store: new TightStore(_rig.Store));
        Assert.True(result.NeededBytes > 0);
        Assert.Equal(0, result.NewPacks);
        Assert.False(_rig.Prune(store: new TightStore(_rig.Store)).Unchanged);
        Assert.True(_rig.Prune().NewPacks > 0);
        _rig.RequireRestores(_second, _rig.Source, "when there is room");
    }

    /// <summary>A store that is full.</summary>
    private sealed class TightStore(IStore inner) : IStore
    {
        public string Description => inner.Description;
        public bool TryGetLength(string key, out long length) => inner.TryGetLength(key, out length);
        public bool Put(string key, ReadOnlySpan<byte> bytes) => inner.Put(key, bytes);
        public void Replace(string key, ReadOnlySpan<byte> bytes) => inner.Replace(key, bytes);
        public byte[]? Get(string key, long maxLength) => inner.Get(key, maxLength);
        public int GetRange(string key, long offset, Span<byte> destination) => inner.GetRange(key, offset, destination);
        public IEnumerable<StoreObject> List(string prefix) => inner.List(prefix);
        public bool Delete(string key) => inner.Delete(key);
        public long? FreeBytes() => 0;
    }
}
