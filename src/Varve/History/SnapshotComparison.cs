using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.History.Differences;
using Varve.History.Entries;
using Varve.History.Import;
using Varve.Model;
using Varve.Tree.Lists;
using Varve.Vault;
using Varve.Vault.Snapshots;

namespace Varve.History;

/// <summary>
/// What is not the same in two snapshots: by the catalog, where both are whole and of one history; else by their trees, which any two
/// snapshots have.
/// </summary>
internal static class SnapshotComparison
{
    /// <summary>
    /// What differs from <paramref name="before"/> to <paramref name="after"/>, by path; at or below <paramref name="path"/>, which is
    /// relative to the roots. Entries are the same if nothing that a restore sets is another.
    /// </summary>
    /// <exception cref="VarveException">Damaged: a tree. WrongKey: without the full key a snapshot that is not whole cannot be
    /// compared.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IReadOnlyList<Difference> Run(
        Repository repository, SnapshotInfo before, SnapshotInfo after, byte[]? path, CancellationToken cancellationToken)
    {
        IReadOnlyList<Difference> result = Find(repository, before, after, path, null, cancellationToken);
        bool isAsked = path is { Length: > 0 } && repository.Level == KeyLevel.Full;
        if (result.Count == 0 && isAsked) { RequireEither(repository, before, after, path!); }
        return result;
    }

    /// <summary>
    /// The same, and no error for a path that neither has; with a catalog that is open and up to date, or null for the repository's.
    /// </summary>
    internal static IReadOnlyList<Difference> Find(Repository repository, SnapshotInfo before, SnapshotInfo after, byte[]? path,
        CatalogReader? catalog, CancellationToken cancellationToken)
    {
        var found = new DifferenceList();
        if (!IsWhole(before) || !IsWhole(after) || before.Snapshot.HistoryId != after.Snapshot.HistoryId || !(catalog is null
            ? FindInCatalog(repository, before, after, found, cancellationToken)
            : FindInCatalog(catalog, before, after, found, cancellationToken)))
        {
            repository.RequireFull("comparing these snapshots");
            FindInTrees(repository.MetaChunks.Read, before, after, found, cancellationToken);
        }

        return found.Result(path);
    }

    /// <summary>Somebody who mistyped a path is not told that nothing differs.</summary>
    private static void RequireEither(Repository repository, SnapshotInfo before, SnapshotInfo after, byte[] path)
    {
        foreach (SnapshotInfo snapshot in (ReadOnlySpan<SnapshotInfo>)[before, after])
        {
            try
            {
                SnapshotPaths.Find(repository.MetaChunks.Read, snapshot, path);
                return;
            }
            catch (VarveException e) when (e.Kind == ErrorKind.NotFound && e.Subject.Kind == SubjectKind.Snapshot)
            {
                // Perhaps the other has it.
            }
        }

        throw new VarveException(
            ErrorKind.NotFound, Subject.Request(PathText.Of(path)), "is in neither of the two snapshots", Advice.ListPaths);
    }

    private static bool IsWhole(SnapshotInfo snapshot) => snapshot.Snapshot is { HasFailures: false, IsPartial: false };

    /// <summary>Adds what differs by the trees alone.</summary>
    internal static void FindInTrees(
        FetchMeta meta, SnapshotInfo before, SnapshotInfo after, DifferenceList found, CancellationToken cancellationToken)
    {
        var trees = new TreeDifferences(meta, new EntryBudget(before, isUnlimited: false), new EntryBudget(after, isUnlimited: false),
            Lacking(meta, before), Lacking(meta, after), found);
        trees.Find(SnapshotPaths.Root(meta, before.Snapshot).Table, SnapshotPaths.Root(meta, after.Snapshot).Table, cancellationToken);
    }

    /// <summary>What a snapshot lacks because it failed or is still to come.</summary>
    internal static LackingPaths Lacking(FetchMeta meta, SnapshotInfo snapshot)
    {
        IReadOnlyList<PendingFile> pending = Lister.Pending(meta, snapshot);
        return new LackingPaths(SnapshotFailures.List(meta, snapshot).Where(static f => !f.IsStored).Select(static f => f.Path),
            pending.Select(static f => f.Path), snapshot.Snapshot.Counts.PendingFiles > pending.Count);
    }

    private static bool FindInCatalog(
        Repository repository, SnapshotInfo before, SnapshotInfo after, DifferenceList found, CancellationToken cancellationToken)
    {
        var history = new MeantHistory(after.Snapshot.HistoryId, after.Snapshot.Lineage);
        CatalogFile file = CatalogAccess.Of(repository).OpenCurrent([history], cancellationToken);
        using CatalogReader catalog = file.OpenReader(cancellationToken);
        return FindInCatalog(catalog, before, after, found, cancellationToken);
    }

    /// <summary>False, and nothing was found, if the catalog lacks one of them.</summary>
    private static bool FindInCatalog(
        CatalogReader catalog, SnapshotInfo before, SnapshotInfo after, DifferenceList found, CancellationToken cancellationToken)
    {
        if (catalog.TryGetSource(after.Snapshot.HistoryId) is not { } source) { return false; }
        SnapshotRow[] rows = [.. catalog.Snapshots(source.Id).Where(static s => s is { State: SnapshotState.Complete, IsSkipped: false })];
        SnapshotRow? a = Array.Find(rows, r => r.Object == before.Name), b = Array.Find(rows, r => r.Object == after.Name);
        if (a is null || b is null) { return false; }
        CatalogDifferences.Find(catalog, source, a, b, found, cancellationToken);
        return true;
    }
}
