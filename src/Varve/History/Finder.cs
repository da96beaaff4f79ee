using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.History.Content;
using Varve.History.Revisions;
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
    private const long RowsOfRange = 1 << 14;

    /// <summary>
    /// Finds every revision whose name matches, directory by directory; if the pattern has a slash, whose path; if it begins with one,
    /// whose absolute path as it is recorded. <paramref name="filter"/> says in which sources, and <paramref name="conditions"/> what else
    /// it has to be.
    /// </summary>
    /// <exception cref="VarveException">NotFound: no such source. Usage: a bad pattern. Where the content of a file is asked for: that
    /// cannot be read, or one of a snapshot is damaged. WrongKey without the full key then.</exception>
    public static void Run(Repository repository, string pattern, bool ignoreCase, SourceFilter filter, RevisionConditions conditions,
        Action<FoundRevision> found, CancellationToken cancellationToken)
    {
        Glob glob = Glob.Parse(pattern, ignoreCase);
        CatalogFile catalog = CatalogAccess.OpenCurrent(repository, filter, cancellationToken, out IReadOnlySet<Bytes32>? meant);
        using SameContent? same = conditions.SameAs is { } file ? Open(repository, file, cancellationToken) : null;
        using CatalogReader reader = catalog.OpenReader(cancellationToken);
        IEnumerable<SourceRow> rows = meant is null ? SourceNotes.Rows(repository, reader, filter)
            : reader.Sources().Where(r => meant.Contains(r.Uid));
        foreach (SourceRow row in rows)
        {
            if (RevisionIntervals.Of(reader, reader, row) is not { } intervals) { continue; }
            IReadOnlySet<long> withMoves = reader.SnapshotsWithMoves(row.Id);
            CatalogScan.Run(catalog, glob.Below(row.Canonical), row.Id, conditions.Fits, (in MatchedRevision revision) =>
            {
                bool fits = (same is null || (revision.Stat.Kind == EntryKind.File && same.IsOf(revision.Stat.Size, revision.Details)))
                    && (!conditions.IsDeleted || reader.IsLast(revision.Directory, revision.Name, revision.Last));
                if (fits && intervals.Describe(in revision) is { } described && conditions.Fits(described)
                    && !(conditions.IsDeleted && (described.IsCurrent || described.IsFailing)))
                {
                    bool mayBeMoved = withMoves.Contains(revision.First);
                    found(mayBeMoved
                        ? described with { MovedFrom = reader.MovedFrom(revision.Directory, revision.Name, revision.First, revision.Stat) }
                        : described);
                }

                return !cancellationToken.IsCancellationRequested;
            }, RowsOfRange, repository.Options.Host.Processors, cancellationToken);
        }
    }

    private static SameContent Open(Repository repository, byte[] file, CancellationToken cancellationToken)
    {
        repository.RequireFull("comparing with a file");
        return SameContent.Of(file, repository.ChunkSource, repository.MetaChunks.Read, cancellationToken);
    }
}
