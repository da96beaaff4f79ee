using Varve.Backup;
using Varve.Format;
using Varve.Model;
using Varve.Store;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Trees;
using Varve.Tests.Kit.Vaults;
using Varve.Vault;

namespace Varve.Tests.Crash;

/// <summary>Invariant 8: a writer treats condemned packs as absent, readers find what they hold as long as they are there.</summary>
public sealed class CondemnedTests
{
    [Fact]
    public void A_writer_stores_chunks_of_condemned_packs_again_and_readers_still_read_them()
    {
        using var rig = new Rig();
        ChangingTree.Create(rig.Source);
        BackupResult first = rig.Backup();
        string twin = rig.Keep(rig.Source, "twin");
        BackupResult shared = rig.Backup(twin);
        Assert.InRange(shared.Snapshot.Counts.BytesAdded, 0, 100_000); // the data was there: trees only
        List<string> condemned = [.. rig.Store.List(ObjectKeys.Packs).Select(static o => o.Key)];
        Condemn(rig, condemned);

        rig.RequireRestores(first.Name, rig.Source, "with its packs condemned");
        rig.RequireClean("with packs condemned");
        string third = rig.Keep(rig.Source, "third");
        BackupResult result = rig.Backup(third);
        Assert.True(result.Snapshot.Counts.BytesAdded >= first.Snapshot.Counts.BytesAdded - 10_000,
            $"{result.Snapshot.Counts.BytesAdded} added");

        // What prune would do when every session has ended.
        foreach (string pack in condemned) { rig.Store.Delete(pack); }
        rig.RequireRestores(result.Name, third, "with the condemned packs gone");
    }

    [Fact]
    public void A_condemned_list_that_is_damaged_is_an_error_for_a_writer()
    {
        using var rig = new Rig();
        ChangingTree.Create(rig.Source);
        BackupResult first = rig.Backup();
        Condemn(rig, [.. rig.Store.List(ObjectKeys.Packs).Select(static o => o.Key)]);
        string key = rig.Store.List(ObjectKeys.Condemned).Single().Key;
        byte[] bytes = rig.Store.Get(key, long.MaxValue)!;
        bytes[^1] ^= 1;
        ((MemoryStore)rig.Store).Overwrite(key, bytes);
        ChangingTree.Change(rig.Source);
        Rig.Throws(ErrorKind.Damaged, () => rig.Backup());
        Assert.Equal([first.Name], rig.Snapshots().Select(s => s.Name));
    }

    private static void Condemn(Rig rig, IEnumerable<string> packs)
    {
        using Repository repository = rig.Open();
        Maintain.Condemn.Put(repository, [.. packs.Select(ObjectKeys.Name)]);
    }
}
