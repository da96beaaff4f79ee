using Varve.Backup;
using Varve.Backup.Commit;
using Varve.Model;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault.Snapshots;

namespace Varve.Tests.Crash;

/// <summary>
/// The machine stops at every single operation on the store that a backup makes. Afterwards nothing is damaged, nothing lost, and the next
/// backup completes.
/// </summary>
[Trait("Does", "race")]
[Trait("Takes", "minutes")]
public sealed class CrashEnumerationTests
{
    [Theory]
    [InlineData(Fault.CrashBefore)]
    [InlineData(Fault.CrashAfter)]
    public void A_crash_at_any_operation_of_a_first_backup_loses_nothing(Fault fault) => Enumerate(fault, first: true);

    [Theory]
    [InlineData(Fault.CrashBefore)]
    [InlineData(Fault.CrashAfter)]
    [InlineData(Fault.FailBefore)]
    [InlineData(Fault.FailAfter)]
    public void A_crash_at_any_operation_of_a_later_backup_loses_nothing(Fault fault) => Enumerate(fault, first: false);

    [Theory]
    [InlineData(Fault.CrashAfter, "put index/")] // packs and run are there, the catalog does not know
    [InlineData(Fault.CrashBefore, "put snapshots/")] // everything is checkpointed
    [InlineData(Fault.CrashAfter, "put snapshots/")] // the snapshot is there, the catalog does not know
    public void A_crash_at_any_operation_of_the_backup_after_a_crashed_one_loses_nothing(Fault firstFault, string operation)
    {
        using var rig = new Rig();
        ChangingTree.Create(rig.Source);
        ObjectName first = rig.Backup().Name;
        string before = rig.Keep(rig.Source, "before");
        ChangingTree.Change(rig.Source);

        var store = new FaultStore(rig.Store);
        store.Arm(firstFault, 0, w => w.StartsWith(operation, StringComparison.Ordinal));
        Rig.Throws(ErrorKind.Storage, () => rig.Backup(store: store, checkpoints: Often));
        store.Restart();
        List<(ObjectName, string)> earlier = [(first, before)];
        foreach (SnapshotInfo info in rig.Snapshots().Where(s => s.Name != first))
        {
            earlier.Add((info.Name, rig.Keep(rig.Source, "crashed")));
        }
        ChangingTree.ChangeAgain(rig.Source);
        int crashes = CrashEverywhere(rig, Fault.CrashAfter, earlier);
        Assert.InRange(crashes, 8, 500);
    }

    /// <summary>After every change of the catalog.</summary>
    private static CheckpointPolicy Often => new(TimeSpan.Zero, 0, 0);

    private static void Enumerate(Fault fault, bool first)
    {
        using var rig = new Rig();
        ChangingTree.Create(rig.Source);
        List<(ObjectName, string)> earlier = [];
        if (!first)
        {
            earlier.Add((rig.Backup().Name, rig.Keep(rig.Source, "one")));
            ChangingTree.Change(rig.Source);
            earlier.Add((rig.Backup().Name, rig.Keep(rig.Source, "two")));
            ChangingTree.ChangeAgain(rig.Source);
        }

        int crashes = CrashEverywhere(rig, fault, earlier);
        Assert.InRange(crashes, 8, 500); // fewer: it did not get to where it hurts
    }

    /// <summary>From the rig's state: crashes a backup at operation 0, 1, 2... until one runs through. Returns how many crashed.</summary>
    private static int CrashEverywhere(Rig rig, Fault fault, List<(ObjectName Name, string Tree)> earlier)
    {
        MemoryStore start = Stores.Copy(rig.Store);
        string cache = rig["cache-at-start"];
        Stores.CopyCache(rig.Cache, cache);
        for (int n = 0; ; n++)
        {
            string when = $"{fault} at operation {n}";
            rig.Store = Stores.Copy(start);
            rig.Cache = rig[$"cache-{n}"];
            Stores.CopyCache(cache, rig.Cache);
            var store = new FaultStore(rig.Store);
            store.Arm(fault, n);
            bool completed = TryBackup(rig, store, out string stopped);
            bool armed = store.Operations > n;
            store.Restart();
            Verify(rig, earlier, $"{when} ({stopped})");
            Programs.Run("rm", "-rf", rig.Cache);
            if (!armed)
            {
                Assert.True(completed, stopped);
                return n;
            }
        }
    }

    private static bool TryBackup(Rig rig, FaultStore store, out string stopped)
    {
        stopped = "completed";
        try
        {
            rig.Backup(store: store, checkpoints: Often);
            return true;
        }
        catch (VarveException e) when (e.Kind == ErrorKind.Storage && e.Message.StartsWith("the ", StringComparison.Ordinal))
        {
            stopped = e.Message;
            return false;
        }
    }

    private static void Verify(Rig rig, List<(ObjectName Name, string Tree)> earlier, string when)
    {
        rig.RequireClean(when);
        IReadOnlyList<SnapshotInfo> listed = rig.Snapshots();
        foreach ((ObjectName name, string tree) in earlier)
        {
            Assert.True(listed.Any(s => s.Name == name), $"{when}: snapshot {name} is gone");
            rig.RequireRestores(name, tree, when);
        }

        // The crashed run's own snapshot, if it came to that, is whole too.
        foreach (SnapshotInfo info in listed.Where(s => !earlier.Exists(e => e.Name == s.Name)))
        {
            rig.RequireRestores(info.Name, rig.Source, when);
        }
        BackupResult next = rig.Backup(checkpoints: Often);
        Assert.Equal(0, next.FailureCount);
        rig.RequireRestores(next.Name, rig.Source, when + ", the next backup");
        rig.RequireClean(when + ", after the next backup");
        Assert.DoesNotContain(rig.Warnings, static w => w.Cause?.Subject.Kind == SubjectKind.Catalog);
    }
}
