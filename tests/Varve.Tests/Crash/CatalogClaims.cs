using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Format;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Stores;
using Varve.Tests.Kit.Vaults;
using Varve.Tree.Details;
using Varve.Vault;
using Varve.Vault.Open;

namespace Varve.Tests.Crash;

/// <summary>What a catalog claims, against what a store holds (invariant 1).</summary>
internal static class CatalogClaims
{
    /// <summary>Everything that the catalog of that cache claims and the store does not hold, a line each.</summary>
    internal static List<string> Unfounded(Rig rig, MemoryStore store, string cache)
    {
        var missing = new List<string>();
        string empty = rig["empty-cache-" + Guid.NewGuid().ToString("N")];
        using Repository repository = Repository.Open(store, rig.Key,
            new RepositoryOptions { CacheRoot = empty, Warn = n => missing.Add(n.ToString()) });
        string path = Path.Combine(cache, repository.Header.Id.ToString(), "catalog.db");
        if (!File.Exists(path)) { return missing; }
        using CatalogReader reader = CatalogFile.Open(path, repository.Header.Id).OpenReader();
        _ = repository.SnapshotStore.Names();
        foreach (SnapshotRow row in reader.Snapshots())
        {
            if (row.State == SnapshotState.Complete && !store.TryGetLength(repository.SnapshotStore.KeyOf(row.Object), out _))
            {
                missing.Add($"snapshot {row.Object}");
            }
            if (row.State != SnapshotState.Running)
            {
                Require(repository, store, row.RootTree, $"the root of snapshot {row.Number}", missing);
            }
        }

        foreach (SourceRow source in reader.Sources()) { Directory(repository, store, reader, source.RootDirectory, missing); }
        repository.Dispose();
        Programs.Run("rm", "-rf", empty);
        return missing;
    }

    private static void Directory(Repository repository, MemoryStore store, CatalogReader reader, long id, List<string> missing)
    {
        var rows = new EntryTable();
        reader.ReadDirectoryHistory(id, rows);
        for (int i = 0; i < rows.Count; i++)
        {
            string name = PathText.Of(rows.Name(i));
            if (rows.Stat(i).Kind == EntryKind.Directory)
            {
                if (!reader.TryGetDirectory(id, rows.Name(i), out DirectoryRow row)) { continue; }
                if (!row.Tree.IsNone) { Require(repository, store, row.Tree, name + "/", missing); }
                Directory(repository, store, reader, row.Id, missing);
            }
            else if (rows.Stat(i).Kind == EntryKind.File)
            {
                foreach (Extent extent in FileExtents.Of(rows.Details(i), rows.Stat(i).Size, repository.MetaChunks.Read))
                {
                    if (!extent.IsHole) { Require(repository, store, extent.Chunk, name, missing); }
                }
            }
        }
    }

    private static void Require(Repository repository, MemoryStore store, ChunkId chunk, string what, List<string> missing)
    {
        if (!repository.Chunks.TryFind(chunk, out ChunkLocation location)) { missing.Add($"{what}: no index run has chunk {chunk}"); }
        else if (!store.TryGetLength(ObjectKeys.Pack(location.Block.Pack), out _))
        {
            missing.Add($"{what}: pack {location.Block.Pack} is missing");
        }
    }
}
