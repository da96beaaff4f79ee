using Varve.Maintain.Prune;
using Varve.Model;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Measures;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Crash;

/// <summary>
/// A check asks the store one thing after the other, and before any of that a prune may do all of its work. In a thrash one was seen that
/// called the runs damaged that the prune had put together.
/// </summary>
[Trait("Does", "race")]
public sealed class PruneBesideCheckTests : IDisposable
{
    private readonly Rig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_prune_at_any_moment_of_a_check_is_no_damage(bool hasCache, bool isForgottenMeanwhile)
    {
        ChangingTree.Create(_rig.Source);
        FileClock.Settle();
        ObjectName forgotten = _rig.Backup().Name;
        ChangingTree.Change(_rig.Source);
        FileClock.Settle();
        ObjectName second = _rig.Backup().Name;
        ChangingTree.ChangeAgain(_rig.Source);
        File.Delete(Path.Combine(_rig.Source, "large"));
        FileClock.Settle();
        _rig.Backup();
        _rig.Forget(forgotten);
        MemoryStore start = Stores.Copy(_rig.Store);
        string cache = _rig.Cache;
        for (int n = 0; ; n++)
        {
            _rig.Store = Stores.Copy(start);
            string own = _rig["check-" + n], other = _rig["prune-" + n], at = "";
            if (hasCache) { Stores.CopyCache(cache, own); }
            int operations = 0;
            PruneResult? pruned = null;
            var store = new HookStore(_rig.Store)
            {
                Before = o =>
                {
                    if (Interlocked.Increment(ref operations) != n + 1) { return; }
                    at = o;
                    _rig.Cache = other;
                    if (isForgottenMeanwhile) { _rig.Forget(second); }
                    pruned = _rig.Prune();
                    _rig.Cache = own;
                },
            };
            _rig.Cache = own;
            CheckResult result = _rig.Check(readData: true, store);
            Assert.True(result.DamageCount == 0, $"before operation {n}, '{at}': {string.Join("\n", result.Damages)}");
            if (pruned is null)
            {
                Assert.InRange(n, 20, 1000);
                break;
            }

            Assert.True(pruned.DeletedPacks > 0 && pruned.SupersededRuns > 0);
            Programs.Run("rm", "-rf", own, other);
        }
    }
}
