using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Model.Paths;
using Varve.Vault;

namespace Varve.History;

/// <summary>Searches the revisions of all snapshots in the catalog, which is brought up to date first.</summary>
internal static class Finder
{
    /// <summary>
    /// Finds every revision whose name (or, if the pattern has a slash, whose path) matches, directory by directory.
    /// <paramref name="source"/> is the name of a source, or null for all.
    /// </summary>
    /// <exception cref="VarveException">NotFound: no such source. Usage: a bad pattern.</exception>
    public static void Run(Repository repository, string pattern, bool ignoreCase, string? source, Action<FoundRevision> found,
        CancellationToken cancellationToken)
    {
        Glob glob = Glob.Parse(pattern, ignoreCase);
        CatalogFile catalog = CatalogAccess.Of(repository).OpenCurrent(cancellationToken);
        using CatalogReader reader = catalog.OpenReader();
        using CatalogReader origins = catalog.OpenReader(); // the first is busy with the search
        foreach (SourceRow row in reader.Sources().Where(s => source is null || s.Name == source).ToList())
        {
            SnapshotRow[] snapshots = [.. reader.Snapshots(row.Id).Where(static s => s.State == SnapshotState.Complete)];
            if (snapshots.Length == 0) { continue; }
            IReadOnlySet<long> withMoves = reader.SnapshotsWithMoves(row.Id);
            reader.FindRevisions(glob, row.Id, (in MatchedRevision revision) =>
            {
                if (Describe(in revision, row, snapshots) is not { } described) { return !cancellationToken.IsCancellationRequested; }
                bool mayBeMoved = withMoves.Contains(revision.First);
                found(mayBeMoved
                    ? described with { MovedFrom = origins.MovedFrom(revision.Directory, revision.Name, revision.First, revision.Stat) }
                    : described);
                return !cancellationToken.IsCancellationRequested;
            });
        }
    }

    /// <summary>Null for what only a run in the making has.</summary>
    private static FoundRevision? Describe(in MatchedRevision revision, SourceRow source, SnapshotRow[] snapshots)
    {
        SnapshotRow? first = null, last = null;
        foreach (SnapshotRow snapshot in snapshots)
        {
            if (snapshot.Number < revision.First || snapshot.Number >= revision.Last) { continue; }
            first ??= snapshot;
            last = snapshot;
        }

        return first is null ? null : new FoundRevision(
            revision.Path.ToArray(), source.Name, revision.Stat, revision.Flags, first.Object, first.Start, last!.Object, last.Start,
            last == snapshots[^1]);
    }
}
