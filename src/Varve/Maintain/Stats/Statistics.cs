using Varve.Format;
using Varve.Model;
using Varve.Model.Bounds;
using Varve.Model.Packs;
using Varve.Store;
using Varve.Vault;
using Varve.Vault.Runs;
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
        foreach (StoreObject item in repository.Store.List("", e => repository.Options.Warn?.Invoke(Notice.Of(e))))
        {
            stored = Saturating.Add(stored, item.Length);
            if (!item.Key.StartsWith(ObjectKeys.Index, StringComparison.Ordinal)) { continue; }
            runs++;
            runBytes = Saturating.Add(runBytes, item.Length);
        }

        long dataPacks = 0, metaPacks = 0, dataBytes = 0, metaBytes = 0;
        foreach ((ObjectName _, long size, PackKind kind, uint _, Bytes32 _) in repository.Indexes.Packs())
        {
            if (kind == PackKind.Data)
            {
                dataPacks++;
                dataBytes = Saturating.Add(dataBytes, size);
            }
            else
            {
                metaPacks++;
                metaBytes = Saturating.Add(metaBytes, size);
            }
        }

        return new RepositoryStatistics
        {
            Repository = repository.Header.Id.ToString(), Version = repository.Header.Version, Created = repository.Header.Created,
            Snapshots = snapshots.Count, Sources = snapshots.Select(s => s.Snapshot.HistoryId).Distinct().Count(),
            DataPacks = dataPacks, MetaPacks = metaPacks, DataBytes = dataBytes, MetaBytes = metaBytes, IndexRuns = runs,
            IndexBytes = runBytes,
            Chunks = repository.Chunks.Runs.Sum(static r => r.ChunkCount),
            RawBytes = Saturating.Sum(repository.Chunks.Runs.Select(static r => r.RawBytes)),
            StoredBytes = stored, ProtectedBytes = Saturating.Sum(snapshots.Select(static s => s.Snapshot.Counts.Bytes)),
        };
    }
}
