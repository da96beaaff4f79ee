using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Format;
using Varve.History.Entries;
using Varve.Model;
using Varve.Vault;

namespace Varve.History;

/// <summary>Rebuilding the catalog from the repository, and telling how it stands.</summary>
internal static class CatalogMaintenance
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// Builds the catalog anew. <paramref name="progress"/> gets snapshots done and to do. <paramref name="noLimits"/>: snapshots that hold
    /// more than they count, or more than 10^9 entries, are not left out.
    /// </summary>
    /// <exception cref="VarveException">WrongKey without the full key.</exception>
    public static CatalogRebuildResult Rebuild(Repository repository, Action<int, int>? progress, CancellationToken cancellationToken,
        bool noLimits = false)
    {
        repository.RequireFull("rebuilding the catalog");
        long began = repository.Options.Time.GetTimestamp();
        CatalogFile catalog = CatalogAccess.Of(repository, noLimits).Rebuild(null, null, cancellationToken, progress);
        using CatalogReader reader = catalog.OpenReader(cancellationToken);
        CatalogTotals totals = reader.Totals();
        return new CatalogRebuildResult(
            reader.Snapshots().Count(s => s.State == SnapshotState.Complete), totals.Directories, totals.Revisions,
            new FileInfo(repository.CatalogPath).Length,
            repository.Options.Time.GetElapsedTime(began));
    }

    /// <summary>
    /// The last finished backup of each source, by what the catalog says: nothing if there is none, or it is damaged. Snapshots that others
    /// made since are not looked for. Nothing, too, if it is not to be believed or cannot be read.
    /// </summary>
    public static IReadOnlyList<KnownRun> LastRuns(Repository repository)
    {
        try
        {
            using CatalogReader? reader = TryOpen(repository, default);
            return reader is null ? [] : LastRuns(reader);
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.Busy or ErrorKind.Storage) { return []; }
    }

    /// <summary>
    /// Takes snapshots that are gone out of the catalog, for a moment; what is left then others take out. Nobody need wait for
    /// it: nothing is wrong without it.
    /// </summary>
    internal static void Trim(Repository repository)
    {
        try { CatalogAccess.Of(repository).Trim(null, null, s_patience); }
        catch (VarveException e) when (e.Kind == ErrorKind.Storage)
        {
            // The cache is not for this user alone: so it has no catalog of his.
        }
    }

    /// <summary>The catalog as it is; null if there is none, or it is not to be believed or cannot be opened.</summary>
    internal static CatalogReader? TryOpen(Repository repository, CancellationToken cancellationToken)
    {
        string path = repository.CatalogPath;
        if (!File.Exists(path) || new FileInfo(path).Length == 0) { return null; }
        try
        {
            repository.RequirePrivateCache();
            return CatalogFile.Open(path, repository.Header.Id).OpenReader(cancellationToken);
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.Busy or ErrorKind.Storage) { return null; }
    }

    /// <summary>
    /// Whether the catalog has the snapshots of its sources as the repository has them. What it has nothing of it was not asked for.
    /// </summary>
    private static bool IsCurrent(Repository repository, CatalogReader reader, HashSet<ObjectName> stored, HashSet<ObjectName> known)
    {
        if (known.SetEquals(stored)) { return true; }
        if (known.Count == 0 || !known.IsSubsetOf(stored)) { return false; }
        HashSet<Bytes32> histories = [.. reader.Sources().Select(static s => s.Uid)];
        bool isWhole = true; // what cannot be read is of nobody knows which
        IReadOnlyList<SnapshotInfo> all = repository.SnapshotStore.List(_ => isWhole = false);
        return isWhole && all.All(s => known.Contains(s.Name) || !histories.Contains(s.Snapshot.HistoryId));
    }

    private static IReadOnlyList<KnownRun> LastRuns(CatalogReader reader) =>
        [.. reader.Sources().Select(s => (Source: s, Run: reader.LatestComplete(s.Id))).Where(static r => r.Run is not null)
            .Select(static r => new KnownRun(r.Source, r.Run!))];

    /// <summary>Looks without changing anything.</summary>
    /// <exception cref="VarveException">Storage: the directory that it is in is not for this user alone.</exception>
    public static CatalogStatus Status(Repository repository)
    {
        string path = repository.CatalogPath;
        HashSet<ObjectName> stored = repository.SnapshotStore.Names();
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            return new CatalogStatus(path, "missing", null, 0, 0, stored.Count, 0, 0);
        }
        repository.RequirePrivateCache();
        long bytes = new FileInfo(path).Length;
        try
        {
            CatalogFile catalog = CatalogFile.Open(path, repository.Header.Id);
            using CatalogReader reader = catalog.OpenReader();
            HashSet<ObjectName> known = [.. reader.Snapshots().Where(static s => s.State == SnapshotState.Complete)
                .Select(static s => s.Object)];
            CatalogTotals totals = reader.Verify();
            return new CatalogStatus(path, IsCurrent(repository, reader, stored, known) ? "current" : "stale", null, bytes, known.Count,
                stored.Count, totals.Directories, totals.Revisions)
            { Runs = LastRuns(reader) };
        }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
        {
            return new CatalogStatus(path, "damaged", e.Reason(Subject.Catalog(path)), bytes, 0, stored.Count, 0, 0);
        }
    }
}
