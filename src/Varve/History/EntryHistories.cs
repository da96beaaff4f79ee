using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Freeze;
using Varve.History.Revisions;
using Varve.History.Sources;
using Varve.Model;
using Varve.Vault;

namespace Varve.History;

/// <summary>Every revision of an entry, from the catalog, which is brought up to date first.</summary>
internal static class EntryHistories
{
    /// <summary>
    /// The revisions of what is, or was, at a path in the sources that are meant: by source and time, across renames and moves. An absolute
    /// path is looked for in the sources whose roots contain it, the deepest of each host; any other is relative to the roots.
    /// </summary>
    /// <param name="repository">The repository.</param>
    /// <param name="path">The path, bytes.</param>
    /// <param name="filter">Which sources.</param>
    /// <param name="contentOnly">Only revisions whose content is another than that of the one before.</param>
    /// <param name="copies">What else has, or had, the content of one of them, too.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="VarveException">NotFound: no snapshot has it; no such source.</exception>
    public static IReadOnlyList<HistoryEntry> Run(Repository repository, byte[] path, SourceFilter filter, bool contentOnly, bool copies,
        CancellationToken cancellationToken)
    {
        CatalogFile file = CatalogAccess.OpenCurrent(repository, filter, cancellationToken, out IReadOnlySet<Bytes32>? meant);
        using CatalogReader catalog = file.OpenReader(cancellationToken);
        IReadOnlyList<SourceRow> sources = meant is null ? SourceNotes.Rows(repository, catalog, filter)
            : [.. catalog.Sources().Where(r => meant.Contains(r.Uid))];
        return Find(file, catalog, sources, path, contentOnly, copies, cancellationToken);
    }

    /// <summary>The same in a catalog that is up to date, and of its sources only those.</summary>
    internal static IReadOnlyList<HistoryEntry> Find(CatalogFile file, CatalogReader catalog, IReadOnlyList<SourceRow> sources, byte[] path,
        bool contentOnly, bool copies, CancellationToken cancellationToken)
    {
        var found = new List<HistoryEntry>();
        var own = new List<RevisionRow>();
        foreach (SourceRow source in At(sources, path))
        {
            byte[] relative = PathInSource.Relative(path, source.Canonical);
            if (!catalog.Gaps.TryFindPlace(source, relative, out long directory, out byte[] name)) { continue; }
            own.AddRange(OfSource(catalog, catalog, source)?.Find(directory, name, contentOnly, found) ?? []);
        }

        if (copies)
        {
            using CatalogReader gaps = file.OpenReader(cancellationToken); // the first is busy with the search
            foreach (SourceRow other in sources) { OfSource(catalog, gaps, other)?.FindCopies(own, found, cancellationToken); }
        }

        return found.Count > 0 ? found : throw new VarveException(ErrorKind.NotFound, Subject.Request(PathText.Of(path)),
            "is in no snapshot" + (sources.Count == 0 ? "" : " of the sources that are meant"), Advice.ListPaths);
    }

    private static IEnumerable<SourceRow> At(IReadOnlyList<SourceRow> sources, byte[] path)
    {
        if (path is not [(byte)'/', ..]) { return sources; }
        byte[] absolute = PathInSource.Absolute(path);
        SourceRow[] all = [.. sources.Where(s => Paths.IsAtOrBelow(absolute, s.Canonical))];
        return all.Where(s => !all.Any(o => o.Host == s.Host && o.Canonical.Length > s.Canonical.Length));
    }

    private static HistoryOfSource? OfSource(CatalogReader catalog, CatalogReader gaps, SourceRow source) =>
        RevisionIntervals.Of(catalog, gaps, source) is { } intervals ? new HistoryOfSource(catalog, source, intervals) : null;
}
