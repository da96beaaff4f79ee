using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Freeze;
using Varve.History.Differences;
using Varve.History.Entries;
using Varve.History.Revisions;
using Varve.Model;
using Varve.Model.Changes;
using Varve.Tree.Lists;
using Varve.Vault;
using Varve.Vault.Snapshots;

namespace Varve.History;

/// <summary>
/// What backups did and saw. Nothing is recorded for it: that a run was, the catalog has a row for; what changed is what a snapshot and the
/// one before it have that is not the same; and what failed and what was left out the snapshot lists.
/// </summary>
internal static class RunLog
{
    /// <summary>
    /// The finished backups of the sources that are meant, the last first; the catalog is brought up to date first. Of backups that found
    /// nothing changed it has those of this machine.
    /// </summary>
    /// <exception cref="VarveException">NotFound: no such source.</exception>
    public static IReadOnlyList<KnownRun> Runs(Repository repository, SourceFilter filter, CancellationToken cancellationToken)
    {
        CatalogFile file = CatalogAccess.OpenCurrent(repository, filter, cancellationToken, out IReadOnlySet<Bytes32>? meant);
        using CatalogReader catalog = file.OpenReader(cancellationToken);
        var runs = new List<KnownRun>();
        foreach (SourceRow source in catalog.Sources().Where(s => meant?.Contains(s.Uid) != false))
        {
            runs.AddRange(catalog.Snapshots(source.Id).Where(static r => r.State == SnapshotState.Complete)
                .Select(r => new KnownRun(source, r)));
        }

        runs.Sort(static (a, b) => b.Run.Start.CompareTo(a.Run.Start) is not 0 and var later ? later : b.Run.Number.CompareTo(a.Run.Number));
        return runs;
    }

    /// <summary>
    /// What the backup saw that made a snapshot: what changed since the one before in its history, by path, then what failed, then what was
    /// left out on purpose; at or below <paramref name="path"/>, or above it, so that it is lacking too.
    /// </summary>
    /// <exception cref="VarveException">Damaged: a tree, or a list. WrongKey without the full key.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IReadOnlyList<LoggedEntry> Entries(
        Repository repository, SnapshotInfo snapshot, byte[]? path, CancellationToken cancellationToken) =>
        Entries(repository, Before(repository.Snapshots(), snapshot), snapshot, path, null, cancellationToken);

    /// <summary>
    /// The same of several backups, in their order; of each what is at or below the path that <paramref name="path"/> gives. Those that
    /// found nothing changed saw nothing.
    /// </summary>
    /// <inheritdoc cref="Entries(Repository, SnapshotInfo, byte[], CancellationToken)"/>
    public static void EntriesOfAll(Repository repository, IEnumerable<KnownRun> runs, Func<KnownRun, byte[]?> path,
        Action<SnapshotInfo, IReadOnlyList<LoggedEntry>> found, CancellationToken cancellationToken)
    {
        IReadOnlyList<SnapshotInfo> all = repository.Snapshots();
        Dictionary<ObjectName, SnapshotInfo> byName = all.ToDictionary(static s => s.Name);
        ILookup<Bytes32, SnapshotInfo> histories = all.ToLookup(static s => s.Snapshot.HistoryId);
        CatalogFile file = CatalogAccess.Of(repository).OpenCurrent(null, cancellationToken);
        using CatalogReader catalog = file.OpenReader(cancellationToken);
        foreach (KnownRun run in runs)
        {
            if (run.Run.IsSkipped || !byName.TryGetValue(run.Run.Object, out SnapshotInfo? snapshot)) { continue; }
            SnapshotInfo? before = Before(histories[snapshot.Snapshot.HistoryId], snapshot);
            found(snapshot, Entries(repository, before, snapshot, path(run), catalog, cancellationToken));
        }
    }

    private static SnapshotInfo? Before(IEnumerable<SnapshotInfo> all, SnapshotInfo snapshot)
    {
        SnapshotInfo? before = null;
        foreach (SnapshotInfo one in all)
        {
            if (one.Name == snapshot.Name) { return before; }
            if (one.Snapshot.HistoryId == snapshot.Snapshot.HistoryId) { before = one; }
        }

        return null;
    }

    private static IReadOnlyList<LoggedEntry> Entries(Repository repository, SnapshotInfo? before, SnapshotInfo snapshot, byte[]? path,
        CatalogReader? catalog, CancellationToken cancellationToken)
    {
        repository.RequireFull("telling what a backup saw");
        FetchMeta meta = repository.MetaChunks.Read;
        IReadOnlyList<Difference> differences = before is null ? AllNew(meta, snapshot, path, cancellationToken)
            : SnapshotComparison.Find(repository, before, snapshot, null, catalog, cancellationToken);
        return
        [
            // What failed is told below, with the reason.
            .. differences.Where(d => d is not { Change: EntryChange.Failed, After: null } && Concerns(d, path))
                .Select(static d => new LoggedEntry(Difference: d)),
            .. SnapshotFailures.List(meta, snapshot).Where(f => Lacks(f.Path, path)).Select(static f => new LoggedEntry(Failure: f)),
            .. Lister.LeftOut(repository, snapshot).Where(l => Lacks(l.Path, path)).Select(static l => new LoggedEntry(LeftOut: l)),
        ];
    }

    private static IReadOnlyList<Difference> AllNew(
        FetchMeta meta, SnapshotInfo snapshot, byte[]? path, CancellationToken cancellationToken)
    {
        var found = new DifferenceList();
        var nothing = new LackingPaths([], [], hasMore: false);
        var trees = new TreeDifferences(meta, new EntryBudget(snapshot, isUnlimited: false), new EntryBudget(snapshot, isUnlimited: false),
            nothing, nothing, found);
        trees.Find(new EntryTable(), SnapshotPaths.Root(meta, snapshot.Snapshot).Table, cancellationToken);
        // The root is no entry that somebody made.
        return [.. found.Result(path).Where(static d => d is not { Path.Length: 0, After.Stat.Kind: EntryKind.Directory })];
    }

    private static bool Concerns(Difference d, byte[]? path) => Concerns(d.Path, path) || (d.MovedFrom is { } from && Concerns(from, path));

    private static bool Concerns(byte[] entry, byte[]? path) =>
        path is not { Length: > 0 } asked || Paths.IsAtOrBelow(entry, asked);

    /// <summary>What a directory lacks, all below it lacks too.</summary>
    private static bool Lacks(byte[] entry, byte[]? path) =>
        Concerns(entry, path) || (entry.Length > 0 && Paths.IsAtOrBelow(path, entry));
}
