using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Model;
using Varve.Model.Paths;
using Varve.Vault;

namespace Varve.History;

/// <summary>
/// Searches the revisions of all snapshots in the catalog, which is brought up to date first: with all sources, or with those that are
/// searched.
/// </summary>
internal static class Finder
{
    /// <summary>
    /// Finds every revision whose name matches, directory by directory; if the pattern has a slash, whose path; if it begins with one,
    /// whose absolute path as it is recorded. <paramref name="filter"/> says in which sources.
    /// </summary>
    /// <exception cref="VarveException">NotFound: no such source. Usage: a bad pattern.</exception>
    public static void Run(Repository repository, string pattern, bool ignoreCase, SourceFilter filter,
        Action<FoundRevision> found, CancellationToken cancellationToken)
    {
        Glob glob = Glob.Parse(pattern, ignoreCase);
        CatalogFile catalog = CatalogAccess.OpenCurrent(repository, filter, cancellationToken, out IReadOnlySet<Bytes32>? meant);
        using CatalogReader reader = catalog.OpenReader(cancellationToken);
        using CatalogReader origins = catalog.OpenReader(cancellationToken); // the first is busy with the search
        IEnumerable<SourceRow> rows = meant is null ? SourceNotes.Rows(repository, reader, filter)
            : reader.Sources().Where(r => meant.Contains(r.Uid));
        foreach (SourceRow row in rows)
        {
            SnapshotRow[] snapshots = [.. reader.Snapshots(row.Id).Where(static s => s.State == SnapshotState.Complete)];
            if (snapshots.Length == 0) { continue; }
            IReadOnlySet<long> withMoves = reader.SnapshotsWithMoves(row.Id);
            var failures = new FailedSnapshots(origins, row.Id);
            reader.FindRevisions(glob.Below(row.Canonical), row.Id, (in MatchedRevision revision) =>
            {
                if (Describe(in revision, row, snapshots, failures) is { } described)
                {
                    bool mayBeMoved = withMoves.Contains(revision.First);
                    found(mayBeMoved
                        ? described with { MovedFrom = origins.MovedFrom(revision.Directory, revision.Name, revision.First, revision.Stat) }
                        : described);
                }

                return !cancellationToken.IsCancellationRequested;
            });
        }
    }

    /// <summary>Null for what only a run in the making has, or one that lacks it.</summary>
    private static FoundRevision? Describe(in MatchedRevision revision, SourceRow source, SnapshotRow[] snapshots, FailedSnapshots failures)
    {
        SnapshotRow? first = null, last = null;
        List<ObjectName>? lacking = null;
        bool isFailing = false;
        IReadOnlyList<GapRow> gaps = failures.Of(revision.Directory, revision.Name);
        foreach (SnapshotRow snapshot in snapshots)
        {
            if (snapshot.Number < revision.First || snapshot.Number >= revision.Last) { continue; }
            isFailing = FailedSnapshots.IsIn(gaps, snapshot.Number);
            if (isFailing)
            {
                (lacking ??= []).Add(snapshot.Object);
                continue;
            }

            first ??= snapshot;
            last = snapshot;
        }

        return first is null ? null : new FoundRevision(
            revision.Path.ToArray(), source.Name, revision.Stat, revision.Flags, first.Object, first.Start, last!.Object, last.Start,
            last == snapshots[^1])
        { FailedIn = lacking ?? [], IsFailing = isFailing && revision.Last == long.MaxValue };
    }
}
