using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Model;
using Varve.Tree;
using Varve.Vault.Snapshots;

namespace Varve.History.Sources;

/// <summary>The sources of a repository, by name, then host, then root.</summary>
internal static class SourceList
{
    /// <summary>Of snapshots, by start, whose private parts are there.</summary>
    internal static IReadOnlyList<SourceHistory> Of(IReadOnlyList<SnapshotInfo> snapshots, LineageMap sources) =>
        Sorted(snapshots.GroupBy(static s => s.Snapshot.HistoryId).Select(g => Of(g.Key, [.. g], sources)), static h => h.Info);

    /// <summary>Those that a catalog knows complete snapshots of, with their rows.</summary>
    internal static IReadOnlyList<(SourceInfo Info, SourceRow Row)> Of(CatalogReader catalog, LineageMap sources)
    {
        var all = new List<(SourceInfo, SourceRow)>();
        foreach (SourceRow row in catalog.Sources())
        {
            List<SnapshotRow> snapshots = [.. catalog.Snapshots(row.Id).Where(static s => s.State == SnapshotState.Complete)];
            if (snapshots.Count == 0) { continue; }
            SnapshotRow last = snapshots[^1];
            all.Add((Placed(new SourceInfo
            {
                Uid = row.Uid, Name = row.Name, Host = row.Host, Root = row.Canonical, Snapshots = snapshots.Count, Latest = last.Object,
                LatestStart = last.Start, Bytes = last.Counts.Bytes, FormerNames = [.. sources.FormerNames(row.Uid)],
            }, sources), row));
        }

        return Sorted(all, static a => a.Item1);
    }

    private static SourceHistory Of(Bytes32 id, SnapshotInfo[] snapshots, LineageMap sources)
    {
        SnapshotInfo last = snapshots[^1];
        SnapshotPrivate now = last.Snapshot.Private!;
        SnapshotPrivate[] before = [.. snapshots.Select(static s => s.Snapshot.Private!)];
        var info = new SourceInfo
        {
            Uid = id, Lineage = Adoption(id, sources)?.Lineage ?? last.Snapshot.Lineage,
            Writer = last.Snapshot.Writer, Signature = last.Snapshot.Signature,
            Name = now.Source, Host = now.Host, Root = now.CanonicalRoot, Snapshots = snapshots.Length, Latest = last.Name,
            LatestStart = last.Snapshot.Start, Bytes = last.Snapshot.Counts.Bytes,
            FormerNames = [.. before.Select(static p => p.Source).Concat(sources.FormerNames(id)).Distinct().Where(n => n != now.Source)],
            FormerHosts = [.. before.Select(static p => p.Host).Distinct()],
            FormerRoots = [.. before.Select(static p => p.CanonicalRoot).DistinctBy(Convert.ToHexString)],
        };
        info = Placed(info, sources);
        return new SourceHistory(info with
        {
            FormerHosts = [.. info.FormerHosts.Where(h => h != info.Host)],
            FormerRoots = [.. info.FormerRoots.Where(r => !r.AsSpan().SequenceEqual(info.Root))],
        }, snapshots);
    }

    /// <summary>Where it was said to be since its latest snapshot.</summary>
    private static SourceInfo Placed(SourceInfo info, LineageMap sources)
    {
        Note? note = Adoption(info.Uid, sources);
        return note is null || note.At <= info.LatestStart ? info : info with { Host = note.Private.Host, Root = note.Private.Root };
    }

    /// <summary>The note by which a history goes on where it is now.</summary>
    private static Note? Adoption(Bytes32 history, LineageMap sources) => sources.Notes.LastOrDefault(
        n => n.Kind == NoteKind.Adoption && n.Private.Root.Length > 0 && sources.Of(n.Lineage) == history);

    private static List<T> Sorted<T>(IEnumerable<T> all, Func<T, SourceInfo> info) =>
        [.. all.OrderBy(a => info(a).Name, StringComparer.Ordinal).ThenBy(a => info(a).Host, StringComparer.Ordinal)
            .ThenBy(a => Convert.ToHexString(info(a).Root), StringComparer.Ordinal)];
}
