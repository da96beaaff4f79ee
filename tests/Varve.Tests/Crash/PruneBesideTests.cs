using Varve.Format;
using Varve.Maintain.Prune;
using Varve.Model;
using Varve.Platform;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault.Open;

namespace Varve.Tests.Crash;

/// <summary>
/// Prunes beside writers and other prunes, each held at each step while the other does all of its work: docs/protocol.md, in the program.
/// </summary>
[Trait("Does", "race")]
[Trait("Takes", "minutes")]
public sealed class PruneBesideTests : IDisposable
{
    private readonly Rig _rig = new();
    private readonly JumpingTime _clock = new();
    private readonly ObjectName _kept;
    private readonly string _keptTree, _twin;

    /// <summary>
    /// One snapshot stays. Of another, that was forgotten, a twin is there to be backed up: it needs just what a prune would delete.
    /// </summary>
    public PruneBesideTests()
    {
        _rig.Time = _clock;
        ChangingTree.Create(_rig.Source);
        FileClock.Settle();
        ObjectName forgotten = _rig.Backup().Name;
        _twin = _rig.Keep(_rig.Source, "twin");
        File.WriteAllBytes(Path.Combine(_rig.Source, "large"), ChangingTree.Content(77, 3 << 20));
        ChangingTree.Change(_rig.Source);
        FileClock.Settle();
        _kept = _rig.Backup().Name;
        _keptTree = _rig.Keep(_rig.Source, "kept");
        _rig.Forget(forgotten);
    }

    public void Dispose()
    {
        Gate.Visit(null);
        _rig.Dispose();
    }

    public static TheoryData<string> Points => new(
        PruneGates.Begun, Gate.PackStored, PruneGates.Copied, PruneGates.Condemned, PruneGates.Listed, PruneGates.Decided, PruneGates.Final,
        PruneGates.Checked, PruneGates.Looked, PruneGates.Superseded, PruneGates.DeletedPacks, PruneGates.DeletedRuns);

    public static TheoryData<string> WriterSteps => new(
        "list condemned/", "list fences/", "list index/", "put packs/", "put index/", "put snapshots/", "delete sessions/");

    [Theory]
    [MemberData(nameof(Points))]
    public void A_backup_between_any_two_steps_of_a_prune_gets_a_snapshot_that_restores(string point)
    {
        ObjectName twin = default;
        At(point, () => twin = _rig.Backup(_twin).Name);
        _rig.Prune();
        Assert.NotEqual(default, twin);
        Require(twin, "after the prune");
        _rig.Prune();
        Require(twin, "after the next prune");
        _rig.RequireNothingBegun("at the end");
    }

    [Theory]
    [MemberData(nameof(WriterSteps))]
    public void A_prune_while_a_writer_sleeps_at_any_step_deletes_nothing_that_it_needs_and_says_whom_it_waits_for(string step)
    {
        PruneResult? beside = null;
        ObjectName twin = BackUpTwin(step, () => beside = _rig.Prune());
        Assert.Equal(PruneOutcome.Waiting, beside!.Outcome);
        Assert.True(beside.CondemnedPacks > 0 && beside.CondemnedBytes > 0);
        Assert.Equal("writer", Assert.Single(beside.WaitingFor).Kind);
        Require(twin, "beside the prune");
        _rig.Prune();
        Require(twin, "after the next prune");
        _rig.RequireNothingBegun("at the end");
    }

    [Theory]
    [MemberData(nameof(WriterSteps))]
    public void A_writer_that_slept_at_any_step_until_a_prune_took_it_for_dead_and_deleted_gets_a_snapshot_that_restores(string step)
    {
        PruneResult? last = null;
        ObjectName twin = BackUpTwin(step, () =>
        {
            Assert.Equal(PruneOutcome.Waiting, _rig.Prune().Outcome);
            _clock.Jump(2 * Session.Life);
            last = _rig.Prune();
        });
        Assert.Equal(PruneOutcome.Done, last!.Outcome);
        Assert.Equal(1, last.FencedSessions);
        Assert.True(last.DeletedPacks > 0);
        Require(twin, "after it was fenced");
        _rig.Prune();
        Require(twin, "after the next prune");
    }

    [Theory]
    [MemberData(nameof(Points))]
    public void A_prune_beside_one_that_is_held_at_any_step_does_useful_work_or_says_that_one_runs(string point)
    {
        At(point, () =>
        {
            try { InOtherCache(() => _rig.Prune()); }
            catch (VarveException e) when (e.Kind == ErrorKind.Busy) { Assert.Contains("work", e.What, StringComparison.Ordinal); }
        });
        Settle();
    }

    [Theory]
    [MemberData(nameof(Points))]
    public void A_prune_that_slept_at_any_step_until_another_took_it_for_dead_deletes_nothing_that_is_needed(string point)
    {
        ObjectName twin = default;
        At(point, () => InOtherCache(() =>
        {
            for (int i = 0; i < 2; i++)
            {
                try { _rig.Prune(); }
                catch (VarveException e) when (e.Kind == ErrorKind.Busy) { /* it may live, as far as this one has seen */ }
                _clock.Jump(2 * Session.Life);
            }

            _rig.Prune();
            twin = _rig.Backup(_twin).Name;
        }));
        Settle();
        Require(twin, "at the end");
    }

    [Theory]
    [MemberData(nameof(Points))]
    public void A_prune_that_is_killed_at_any_step_is_carried_on_at_once_on_its_machine(string point)
    {
        Kill(point);
        PruneResult next = _rig.Prune();
        Assert.Equal(PruneOutcome.Done, next.Outcome);
        Assert.Equal(0, next.FencedSessions);
        _rig.RequireNothingBegun("carried on");
        Require(default, "carried on");
        Assert.Equal(0, _rig.Prune().DeletedPacks);
    }

    [Theory]
    [MemberData(nameof(Points))]
    public void A_prune_that_is_killed_at_any_step_and_whose_cache_is_lost_delays_the_next_and_does_not_stop_it(string point)
    {
        Kill(point);
        _rig.Cache = _rig["other"];
        for (int i = 0; i < 2; i++)
        {
            try { _rig.Prune(); }
            catch (VarveException e) when (e.Kind == ErrorKind.Busy) { /* it may live, as far as this one has seen */ }
            _clock.Jump(2 * Session.Life);
        }

        PruneResult last = _rig.Prune();
        Assert.Equal(PruneOutcome.Done, last.Outcome);
        _rig.RequireNothingBegun("after another prune");
        Require(default, "after another prune");
        Assert.Equal(0, _rig.Prune().DeletedPacks);
    }

    [Theory]
    [MemberData(nameof(Points))]
    public void What_a_prune_condemned_that_was_killed_at_any_step_can_be_taken_back_as_far_as_it_is_there(string point)
    {
        HashSet<string> before = _rig.Keys(ObjectKeys.Packs);
        Kill(point);
        bool isCondemned = _rig.Keys(ObjectKeys.Condemned).Count > 0;
        HashSet<string> left = _rig.Keys(ObjectKeys.Packs);
        PruneUndone undone = _rig.UndoPrune();
        Assert.Equal(isCondemned ? 1 : 0, undone.Lists);
        Assert.Equal(left, _rig.Keys(ObjectKeys.Packs));
        _rig.RequireNothingBegun("taken back");
        Require(default, "taken back");

        // What is there is relied on again.
        bool isAllThere = before.IsSubsetOf(left);
        BackupResult twin = _rig.Backup(_twin);
        if (isAllThere) { Assert.InRange(twin.Snapshot.Counts.BytesAdded, 0, 100_000); }
        Require(twin.Name, "relying on what was taken back");
        _rig.Prune();
        Require(twin.Name, "after the next prune");
    }

    [Fact]
    public void A_writer_that_is_at_work_is_waited_for_if_that_is_asked_for()
    {
        using var holds = new ManualResetEventSlim();
        using var held = new ManualResetEventSlim();
        var store = new HookStore(_rig.Store)
        {
            Before = o =>
            {
                if (!o.StartsWith("put snapshots/", StringComparison.Ordinal)) { return; }
                held.Set();
                Assert.True(holds.Wait(TimeSpan.FromMinutes(1)));
            },
        };
        ObjectName twin = default;
        var writer = new Thread(() => twin = _rig.Backup(_twin, store).Name);
        writer.Start();
        Assert.True(held.Wait(TimeSpan.FromMinutes(1)));
        At(PruneGates.Listed, holds.Set);
        PruneResult result = _rig.Prune(Pruning.All with { Wait = true });
        writer.Join();
        Assert.Equal(PruneOutcome.Done, result.Outcome);
        Require(twin, "waited for");
        _rig.RequireNothingBegun("waited for");
    }

    /// <summary>In a thrash two were seen that waited for each other: one had listed the session of the other, which saw its list.</summary>
    [Fact]
    public void Of_two_prunes_that_wait_none_waits_for_one_that_waits_for_it()
    {
        using var listed = new ManualResetEventSlim();
        bool isCondemned = false;
        var store = new HookStore(_rig.Store)
        {
            After = o =>
            {
                isCondemned |= o.StartsWith("put condemned/", StringComparison.Ordinal);
                if (isCondemned && o == "list sessions/") { listed.Set(); }
            },
        };
        PruneResult? other = null;
        var thread = new Thread(() => other = _rig.Prune(Pruning.All with { Wait = true }, store));
        At(PruneGates.Begun, () => InOtherCache(() =>
        {
            thread.Start();
            Assert.True(listed.Wait(TimeSpan.FromMinutes(1)));
        }));
        PruneResult own = _rig.Prune(Pruning.All with { Wait = true });
        thread.Join();
        Assert.Equal((PruneOutcome.Done, PruneOutcome.Done), (own.Outcome, other!.Outcome));
        Assert.Equal((0, 0), (own.FencedSessions, other.FencedSessions));
        Assert.True(other.DeletedPacks > 0);
        Require(default, "after both");
        _rig.RequireNothingBegun("after both");
    }

    [Fact]
    public void Packs_of_a_writer_that_was_taken_for_dead_are_spared_for_a_week_so_that_it_can_carry_on()
    {
        _rig.Prune();
        _rig.Die("put snapshots/");
        File.WriteAllBytes(Path.Combine(_twin, "more"), ChangingTree.Content(5, 2 << 20));
        Assert.Throws<InvalidOperationException>(() => _rig.Backup(_twin, _rig.Dying("put snapshots/")));
        _rig.Prune();
        _clock.Jump(2 * Session.Life);
        long packs = _rig.Keys(ObjectKeys.Packs).Count;
        PruneResult spared = _rig.Prune();
        Assert.Equal(packs, _rig.Keys(ObjectKeys.Packs).Count);
        Assert.True(spared.Data.SparedPacks > 0);
        Assert.False(_rig.Prune().Unchanged);
        _clock.Jump(Session.GreatestAge);
        PruneResult over = _rig.Prune();
        Assert.True(over.DeletedPacks > 0, over.ToString());
        Require(default, "when the week is over");
    }

    [Fact]
    public void Packs_are_kept_as_long_as_they_are_asked_to_be()
    {
        PruneOptions week = Pruning.All with { KeepFor = TimeSpan.FromDays(7) };
        PruneResult first = _rig.Prune(week);
        Assert.Equal(PruneOutcome.Waiting, first.Outcome);
        Assert.NotNull(first.KeptUntil);
        Assert.Empty(first.WaitingFor);
        Assert.Equal(0, first.DeletedPacks);
        _clock.Jump(TimeSpan.FromDays(3));
        Assert.Equal(first.KeptUntil, _rig.Prune(week).KeptUntil);
        _clock.Jump(TimeSpan.FromDays(4));
        Assert.True(_rig.Prune(week).DeletedPacks > 0);
        Require(default, "after a week");
    }

    private void At(string point, Action action)
    {
        bool isDone = false;
        Gate.Visit(p =>
        {
            if (p != point || isDone) { return; }
            isDone = true;
            action();
        });
    }

    private void Kill(string point)
    {
        var store = new FaultStore(_rig.Store) { CrashUndoesDeletes = false };
        At(point, () =>
        {
            // From here on nothing reaches the store, not even what a process does that ends in order.
            store.Arm(Fault.CrashBefore, 0);
        });
        Assert.Throws<VarveException>(() => _rig.Prune(store: store));
        Gate.Visit(null);
    }

    private ObjectName BackUpTwin(string step, Action meanwhile)
    {
        int isBegun = 0, isDone = 0;
        return _rig.Backup(_twin, new HookStore(_rig.Store)
        {
            Before = o =>
            {
                if (o.StartsWith("replace sessions/", StringComparison.Ordinal)) { Interlocked.Exchange(ref isBegun, 1); }
                if (isBegun == 0 || !o.StartsWith(step, StringComparison.Ordinal) || Interlocked.Exchange(ref isDone, 1) != 0) { return; }
                meanwhile();
            },
        }).Name;
    }

    private void InOtherCache(Action action)
    {
        string own = _rig.Cache;
        _rig.Cache = _rig["other-cache"];
        try { action(); }
        finally { _rig.Cache = own; }
    }

    /// <summary>The prune that is held goes on; then others come until nothing is left to be done.</summary>
    private void Settle()
    {
        try { _rig.Prune(); }
        catch (VarveException e) when (e.Kind == ErrorKind.Busy) { /* it made way */ }

        for (int i = 0; i < 4; i++)
        {
            Require(default, $"after {i} more");
            _clock.Jump(2 * Session.Life);
            try { _rig.Prune(); }
            catch (VarveException e) when (e.Kind == ErrorKind.Busy) { /* the other waits to be carried on, or taken for dead */ }
        }

        _rig.RequireNothingBegun("at the end");
        Require(default, "at the end");
    }

    private void Require(ObjectName twin, string when)
    {
        _rig.RequireClean(when);
        _rig.RequireRestores(_kept, _keptTree, when);
        if (twin != default) { _rig.RequireRestores(twin, _twin, when); }
        string cache = _rig.Cache;
        _rig.Cache = _rig["fresh-" + Guid.NewGuid().ToString("N")];
        _rig.RequireRestores(_kept, _keptTree, when + ", with a fresh cache");
        if (twin != default) { _rig.RequireRestores(twin, _twin, when + ", with a fresh cache"); }
        _rig.Cache = cache;
    }
}
