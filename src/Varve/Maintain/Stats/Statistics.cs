using Varve.Format;
using Varve.Model.Packs;
using Varve.Store;
using Varve.Vault;
using Varve.Vault.Snapshots;

namespace Varve.Maintain.Stats;

/// <summary>Counts what a repository holds, from listings and the index; reads no pack.</summary>
internal static class Statistics
{
    /// <summary>Counts.</summary>
    public static RepositoryStatistics Run(Repository repository)
    {
        IReadOnlyList<SnapshotInfo> snapshots = repository.Snapshots();
        long stored = 0, runs = 0, runBytes = 0;
        foreach (StoreObject item in repository.Store.List(""))
        {
            stored += item.Length;
            if (!item.Key.StartsWith(ObjectKeys.Index, StringComparison.Ordinal)) { continue; }
            runs++;
            runBytes += item.Length;
        }

        long dataPacks = 0, metaPacks = 0, dataBytes = 0, metaBytes = 0;
        foreach ((ObjectName _, long size, PackKind kind) in repository.Indexes.Packs())
        {
            if (kind == PackKind.Data)
            {
                dataPacks++;
                dataBytes += size;
            }
            else
            {
                metaPacks++;
                metaBytes += size;
            }
        }

        return new RepositoryStatistics
        {
            Repository = repository.Header.Id.ToString(), Version = repository.Header.Version, Created = repository.Header.Created,
            Snapshots = snapshots.Count, Sources = snapshots.Select(s => s.Snapshot.SourceId).Distinct().Count(),
            DataPacks = dataPacks, MetaPacks = metaPacks, DataBytes = dataBytes, MetaBytes = metaBytes, IndexRuns = runs,
            IndexBytes = runBytes,
            Chunks = repository.Chunks.Runs.Sum(static r => r.ChunkCount), RawBytes = repository.Chunks.Runs.Sum(static r => r.RawBytes),
            StoredBytes = stored, ProtectedBytes = snapshots.Sum(s => s.Snapshot.Counts.Bytes),
        };
    }
}
