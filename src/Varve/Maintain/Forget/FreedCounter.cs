using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Model;
using Varve.Model.Bounds;
using Varve.Model.Packs;
using Varve.Model.Paths;
using Varve.Tree.Details;
using Varve.Vault.Chunks;
using Varve.Vault.Snapshots;

namespace Varve.Maintain.Forget;

/// <summary>
/// Counts the content that only some snapshots have: by the catalog for each source of which it has all that is there, else by their trees.
/// First what those snapshots have that no other of their source has is gathered, some 40 bytes for each chunk; then all others of all
/// sources are gone through. One thread.
/// </summary>
/// <param name="catalog">The catalog as it is; null if there is none.</param>
/// <param name="chunks">Where chunks lie.</param>
/// <param name="meta">Trees and lists.</param>
/// <param name="cancelled">Ends it.</param>
internal sealed class FreedCounter(CatalogReader? catalog, IChunkSource chunks, MetaReader meta, CancellationToken cancelled)
{
    private readonly HashSet<ChunkId> _freed = [];
    private readonly MetaScope _scope = meta.OpenScope();

    /// <summary>Counts for snapshots of <paramref name="present"/>, which is all there are.</summary>
    /// <exception cref="VarveException">Damaged, NotFound: a tree or a list cannot be read.</exception>
    internal FreedSpace Run(IReadOnlyList<SnapshotInfo> present, IReadOnlySet<ObjectName> forgotten)
    {
        List<(SourceRow? Row, List<SnapshotInfo> All)> histories = Histories(present);
        foreach ((SourceRow? row, List<SnapshotInfo> all) in histories)
        {
            if (!all.Exists(i => forgotten.Contains(i.Name))) { continue; }
            if (row is not null) { Scan(row, all, forgotten, isFreed: true); }
            else { Walk(all.Where(i => forgotten.Contains(i.Name)), isFreed: true); }
        }

        foreach ((SourceRow? row, List<SnapshotInfo> all) in histories)
        {
            if (_freed.Count == 0) { break; }
            if (row is not null) { Scan(row, all, forgotten, isFreed: false); }
            else { Walk(all.Where(i => !forgotten.Contains(i.Name)), isFreed: false); }
        }

        (long raw, long stored) = (0, 0);
        foreach (ChunkId id in _freed)
        {
            if (!chunks.TryLocate(id, out ChunkLocation place)) { continue; }
            raw = Saturating.Add(raw, place.Length);
            stored = Saturating.Add(stored, place.Block.RawLength == 0 ? 0
                : (long)((double)place.Block.StoredLength * place.Length / place.Block.RawLength));
        }

        return new FreedSpace(raw, stored, histories.Count(static h => h.Row is not null), histories.Count(static h => h.Row is null));
    }

    private List<(SourceRow? Row, List<SnapshotInfo> All)> Histories(IReadOnlyList<SnapshotInfo> present)
    {
        var all = new Dictionary<Bytes32, List<SnapshotInfo>>();
        foreach (SnapshotInfo info in present)
        {
            if (!all.TryGetValue(info.Snapshot.HistoryId, out List<SnapshotInfo>? history)) { all[info.Snapshot.HistoryId] = history = []; }
            history.Add(info);
        }

        return [.. all.Select(h => (catalog?.TryGetSource(h.Key) is { } row && HasAll(row, h.Value) ? row : null, h.Value))];
    }

    private bool HasAll(SourceRow row, List<SnapshotInfo> all)
    {
        HashSet<ObjectName> known = [.. Complete(row).Select(static s => s.Object)];
        return all.TrueForAll(i => known.Contains(i.Name));
    }

    private IEnumerable<SnapshotRow> Complete(SourceRow row) =>
        catalog!.Snapshots(row.Id).Where(static s => s.State == SnapshotState.Complete);

    /// <summary>
    /// By the catalog: gathers what lives in forgotten snapshots and in none that is kept; or strikes out what lives in kept ones.
    /// </summary>
    private void Scan(SourceRow row, List<SnapshotInfo> all, IReadOnlySet<ObjectName> forgotten, bool isFreed)
    {
        HashSet<ObjectName> there = [.. all.Select(static i => i.Name)];
        long[] kept = [.. Complete(row).Where(s => there.Contains(s.Object) && !forgotten.Contains(s.Object))
            .Select(static s => s.Number).Order()];
        long[] gone = [.. Complete(row).Where(s => forgotten.Contains(s.Object)).Select(static s => s.Number).Order()];
        catalog!.Search.Find(Glob.Parse("*"), row.Id, (in MatchedRevision found) =>
        {
            cancelled.ThrowIfCancellationRequested();
            bool isMeant = Lives(kept, found.First, found.Last) ? !isFreed : isFreed && Lives(gone, found.First, found.Last);
            if (isMeant && found.Stat.Kind == EntryKind.File) { Note(found.Details, found.Stat.Size, isFreed); }
            return true;
        });
    }

    /// <summary>Whether one of some numbers, which ascend, lies in an interval.</summary>
    private static bool Lives(long[] numbers, long first, long last)
    {
        int at = Array.BinarySearch(numbers, first);
        if (at < 0) { at = ~at; }
        return at < numbers.Length && numbers[at] < last;
    }

    /// <summary>By trees: the same, each tree once.</summary>
    private void Walk(IEnumerable<SnapshotInfo> snapshots, bool isFreed)
    {
        var seen = new HashSet<ChunkId>();
        var next = new Stack<(ChunkId Tree, bool IsRoot)>();
        foreach (SnapshotInfo info in snapshots)
        {
            next.Push((info.Snapshot.RootTree, true));
            while (next.TryPop(out (ChunkId Tree, bool IsRoot) tree))
            {
                cancelled.ThrowIfCancellationRequested();
                if (seen.Add(tree.Tree)) { WalkOne(tree.Tree, tree.IsRoot, next, isFreed); }
            }
        }
    }

    private void WalkOne(ChunkId tree, bool isRoot, Stack<(ChunkId Tree, bool IsRoot)> next, bool isFreed)
    {
        var entries = new EntryTable();
        _scope.Reset();
        Tree.TreeReader.Read(tree, _scope.Fetch, entries, isRoot);
        for (int i = 0; i < entries.Count; i++)
        {
            if (entries.Stat(i).Kind == EntryKind.Directory)
            {
                ChunkId child = DetailsCodec.ChildTree(entries.Details(i));
                if (!child.IsNone) { next.Push((child, false)); }
            }
            else if (entries.Stat(i).Kind == EntryKind.File) { Note(entries.Details(i), entries.Stat(i).Size, isFreed); }
        }
    }

    private void Note(ReadOnlySpan<byte> details, long size, bool isFreed)
    {
        foreach (Extent extent in FileExtents.Of(details, size, meta.Read))
        {
            if (extent.IsHole) { continue; }
            if (isFreed) { _freed.Add(extent.Chunk); }
            else { _freed.Remove(extent.Chunk); }
        }
    }
}
