using Varve.Model;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Tests.Maintain.Forget;

namespace Varve.Tests.Crash;

/// <summary>
/// The machine stops, or the store fails, at every single operation that forgetting, pinning or tagging makes. Afterwards nothing is
/// missing that was not to go, what is there is whole, and the next run completes.
/// </summary>
[Trait("Takes", "minutes")]
public sealed class ForgetCrashTests
{
    [Theory]
    [InlineData(Fault.CrashBefore)]
    [InlineData(Fault.CrashAfter)]
    [InlineData(Fault.FailBefore)]
    [InlineData(Fault.FailAfter)]
    public void A_crash_at_any_operation_of_a_forget_loses_nothing_that_stays(Fault fault)
    {
        using var rig = new Rig();
        (List<ObjectName> names, List<string> trees) = Fill(rig, 4);
        int crashes = Everywhere(rig, fault, r => Forget(r, 2), () =>
        {
            IReadOnlyList<ObjectName> left = [.. rig.Snapshots().Select(static s => s.Name)];
            Assert.Equal(names[^2..], left.TakeLast(2));
            Assert.All(left, n => Assert.Contains(n, names));
            rig.RequireClean($"{fault}");
            foreach (ObjectName name in left) { rig.RequireRestores(name, trees[names.IndexOf(name)], $"{fault}"); }
            using (Repository repository = rig.Open()) { Forget(repository, 2); }
            Assert.Equal(names[^2..], rig.Snapshots().Select(static s => s.Name));
            rig.RequireClean($"{fault}, done again");
            BackupResult next = rig.Backup();
            Assert.Equal(names[^1], next.Snapshot.Parent);
            rig.RequireRestores(next.Name, rig.Source, $"{fault}, the next backup");
            rig.RequireClean($"{fault}, after the next backup");
        });
        Assert.InRange(crashes, 6, 500); // fewer: it did not get to where it hurts
    }

    [Theory]
    [InlineData(Fault.CrashBefore)]
    [InlineData(Fault.CrashAfter)]
    [InlineData(Fault.FailAfter)]
    public void A_crash_at_any_operation_of_a_pin_leaves_it_said_or_not_said(Fault fault)
    {
        using var rig = new Rig();
        (List<ObjectName> names, _) = Fill(rig, 3);
        bool wasPinned = false, wasNot = false;
        Everywhere(rig, fault, r => r.ChangeTags(r.Pin([r.FindSnapshot(names[0].ToString())]), [], ["kept"]), () =>
        {
            SnapshotInfo first = rig.Snapshots()[0];
            bool isPinned = first.Snapshot.Pin is not null;
            Assert.True(isPinned || first.Snapshot.Private!.Tags.Count == 0);
            (wasPinned, wasNot) = (wasPinned || isPinned, wasNot || !isPinned);
            rig.RequireClean($"{fault}");
            using (Repository repository = rig.Open()) { Forget(repository, 1); }
            Assert.Equal(isPinned ? [names[0], names[2]] : [names[2]], rig.Snapshots().Select(static s => s.Name));
            rig.RequireClean($"{fault}, after a forget");
        });
        Assert.True(wasPinned && wasNot);
    }

    private static (List<ObjectName> Names, List<string> Trees) Fill(Rig rig, int count)
    {
        var names = new List<ObjectName>();
        var trees = new List<string>();
        ChangingTree.Create(rig.Source);
        for (int i = 0; i < count; i++)
        {
            File.WriteAllText(Path.Combine(rig.Source, $"of {i}"), $"{i}");
            names.Add(rig.Backup().Name);
            trees.Add(rig.Keep(rig.Source, $"tree {i}"));
        }

        return (names, trees);
    }

    private static void Forget(Repository repository, int last) =>
        repository.Forget(Forgettable.All(Forgettable.Last(last)), static e => throw e);

    /// <summary>From the rig's state: stops at operation 0, 1, 2... until one run goes through. Returns how many stopped.</summary>
    private static int Everywhere(Rig rig, Fault fault, Action<Repository> act, Action verify)
    {
        MemoryStore start = Stores.Copy(rig.Store);
        string cache = rig["cache-at-start"];
        Stores.CopyCache(rig.Cache, cache);
        for (int n = 0; ; n++)
        {
            rig.Store = Stores.Copy(start);
            rig.Cache = rig[$"cache-{n}"];
            Stores.CopyCache(cache, rig.Cache);
            var store = new FaultStore(rig.Store);
            store.Arm(fault, n);
            bool isDone = false;
            try
            {
                using Repository repository = rig.Open(store);
                act(repository);
                isDone = true;
            }
            catch (VarveException e) when (e.Kind == ErrorKind.Storage) { Assert.StartsWith("the ", e.Message, StringComparison.Ordinal); }

            bool wasArmed = store.Operations > n;
            store.Restart();
            verify();
            Programs.Run("rm", "-rf", rig.Cache);
            if (wasArmed) { continue; }
            Assert.True(isDone);
            return n;
        }
    }
}
