using Varve.Format;
using Varve.Maintain.Prune;
using Varve.Model;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Crash;

/// <summary>
/// The machine stops at every single change that a prune makes to the store, or that is taken back of it. Afterwards nothing that is needed
/// is damaged or lost, and the next prune completes.
/// </summary>
[Trait("Does", "race")]
[Trait("Takes", "minutes")]
public sealed class PruneCrashTests : IDisposable
{
    private readonly Rig _rig = new();
    private readonly ObjectName _kept;
    private readonly string _twin;

    public PruneCrashTests()
    {
        ChangingTree.Create(_rig.Source);
        FileClock.Settle();
        ObjectName forgotten = _rig.Backup().Name, alsoForgotten;
        _twin = _rig.Keep(_rig.Source, "twin");
        File.WriteAllBytes(Path.Combine(_rig.Source, "large"), ChangingTree.Content(77, 1 << 20));
        ChangingTree.Change(_rig.Source);
        FileClock.Settle();
        alsoForgotten = _rig.Backup().Name;
        ChangingTree.ChangeAgain(_rig.Source);
        FileClock.Settle();
        _kept = _rig.Backup().Name;
        _rig.Forget(forgotten);
        _rig.RecordForgotten(alsoForgotten); // whoever forgot it died before it was removed
    }

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(Fault.CrashBefore)]
    [InlineData(Fault.CrashAfter)]
    [InlineData(Fault.FailBefore)]
    [InlineData(Fault.FailAfter)]
    public void A_crash_at_any_change_that_a_prune_makes_loses_nothing_and_the_next_prune_completes(Fault fault) => Enumerate(fault,
        store => _rig.Prune(store: store), when =>
        {
            Assert.Equal(PruneOutcome.Done, _rig.Prune().Outcome);
            _rig.RequireNothingBegun(when);
            Assert.Equal(0, _rig.Prune().DeletedPacks);
        });

    [Theory]
    [InlineData(Fault.CrashBefore)]
    [InlineData(Fault.CrashAfter)]
    public void A_crash_at_any_change_that_a_prune_makes_can_be_taken_back_as_far_as_it_is_there(Fault fault) => Enumerate(fault,
        store => _rig.Prune(store: store), when =>
        {
            HashSet<string> packs = _rig.Keys(ObjectKeys.Packs);
            _rig.UndoPrune();
            Assert.Equal(packs, _rig.Keys(ObjectKeys.Packs));
            _rig.RequireNothingBegun(when);
        });

    // As a directory that a server hands out: reached through the server and as it is.
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void A_prune_whose_deletions_have_begun_is_ended_and_not_taken_back_where_one_may_still_be_under_way(
        bool prunesLocally, bool undoesLocally)
    {
        int refused = 0;
        void Prunes() => ((MemoryStore)_rig.Store).EndsWithCaller = prunesLocally;
        Enumerate(Fault.CrashBefore, store => _rig.Prune(store: store), before: Prunes, after: when =>
        {
            HashSet<string> packs = _rig.Keys(ObjectKeys.Packs);
            ((MemoryStore)_rig.Store).EndsWithCaller = undoesLocally;
            try { _rig.UndoPrune(); }
            catch (VarveException e) when (e.Advice == Advice.EndPrune)
            {
                refused++;
                Assert.Equal(packs, _rig.Keys(ObjectKeys.Packs));
                Assert.Equal(PruneOutcome.Done, _rig.Prune().Outcome);
            }

            _rig.RequireNothingBegun(when);
        });
        Assert.InRange(refused, 2, 100);
    }

    [Theory]
    [InlineData(Fault.CrashBefore)]
    [InlineData(Fault.CrashAfter)]
    public void A_crash_at_any_change_of_taking_a_prune_back_loses_nothing(Fault fault)
    {
        Enumerate(fault, store => _rig.UndoPrune(store), when =>
        {
            _rig.UndoPrune();
            _rig.RequireNothingBegun(when);
        }, least: 2, before: () => Assert.True(_rig.Prune(Pruning.All with { KeepFor = TimeSpan.FromDays(1) }).CondemnedPacks > 0));
    }

    /// <summary>From the rig's state: stops at change 0, 1, 2... until one runs through.</summary>
    private void Enumerate(Fault fault, Action<FaultStore> act, Action<string> after, int least = 10, Action? before = null)
    {
        MemoryStore start = Stores.Copy(_rig.Store);
        string cache = _rig["cache-at-start"];
        Stores.CopyCache(_rig.Cache, cache);
        for (int n = 0; ; n++)
        {
            string when = $"{fault} at change {n}";
            _rig.Store = Stores.Copy(start);
            _rig.Cache = _rig[$"cache-{n}"];
            Stores.CopyCache(cache, _rig.Cache);
            before?.Invoke();
            var store = new FaultStore(_rig.Store);
            store.Arm(fault, n, IsChange);
            string stopped = "completed";
            try { act(store); }
            catch (VarveException e) when (e.Kind == ErrorKind.Storage) { stopped = e.Message; }
            bool isArmed = store.Operations > n;
            store.Restart();
            when += $" ({stopped})";
            Require(when);
            after(when);
            Require(when + ", afterwards");
            Programs.Run("rm", "-rf", _rig.Cache);
            if (!isArmed)
            {
                Assert.InRange(n, least, 500);
                break;
            }
        }

        static bool IsChange(string operation) => operation.StartsWith("put ", StringComparison.Ordinal)
            || operation.StartsWith("replace ", StringComparison.Ordinal) || operation.StartsWith("delete ", StringComparison.Ordinal);
    }

    private void Require(string when)
    {
        _rig.RequireClean(when);
        _rig.RequireRestores(_kept, _rig.Source, when);
        BackupResult twin = _rig.Backup(_twin);
        _rig.RequireRestores(twin.Name, _twin, when + ", a backup then");
        _rig.Forget(twin.Name);
    }
}
