using Varve.Format;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Store;
using Varve.Vault;
using Varve.Vault.Open;
using Varve.Vault.Runs;

namespace Varve.Tests.Kit.Vaults;

/// <summary>
/// What a prune will do to those who read meanwhile: repacks all chunks into new packs, stores a run that supersedes all others, then
/// deletes the old packs, and the old runs last. It waits for nobody.
/// </summary>
internal static class PruneStandIn
{
    /// <summary>Does it; the repository is opened with a cache of its own.</summary>
    public static void Run(IStore store, Credentials key, RepositoryOptions options)
    {
        IReadOnlyList<ObjectName> oldRuns;
        var oldPacks = new List<ObjectName>();
        using var forger = new RunForger(store, key, options);
        using (Repository repository = Repository.Open(new Stores.HookStore(store), key, options))
        {
            IndexSet index = repository.Indexes;
            oldRuns = [.. index.Origins.Select(static o => o.Run)];
            var packs = new List<PackContents>();
            foreach (Varve.Lookup.RunPack pack in index.Packs())
            {
                PackContents old = repository.Footers.Read(pack.Name, pack.Size);
                packs.Add(forger.PutPack(pack.Kind, [.. Blocks(repository, old)]));
                oldPacks.Add(pack.Name);
            }

            forger.PutRun(packs, oldRuns);
        }

        foreach (ObjectName pack in oldPacks) { Assert.True(store.Delete(ObjectKeys.Pack(pack))); }
        foreach (ObjectName run in oldRuns) { Assert.True(store.Delete(ObjectKeys.Run(run))); }
    }

    private static IEnumerable<(byte[] Block, PackedChunk[] Chunks)> Blocks(Repository repository, PackContents pack)
    {
        uint number = 0;
        long at = PackLayout.HeaderLength;
        foreach (PackedBlock block in pack.Blocks)
        {
            byte[] raw = new byte[block.RawLength];
            repository.Blocks.Read(
                new BlockLocation(pack.Name, pack.Kind, number++, at, block.StoredLength, block.RawLength, block.Codec), raw);
            at += block.StoredLength;
            yield return (raw, [.. block.Chunks]);
        }
    }
}
