using System.Collections.Concurrent;
using Varve.Catalog.Rows;
using Varve.Model;
using Varve.Model.Paths;
using Varve.Threads;

namespace Varve.Catalog;

/// <summary>
/// A search through all revisions of a source by several threads, each with a connection of its own. They take ranges of directories by
/// turns; what they found is handed out in the order of the ranges, so that it comes as from one thread. All see the same state of the
/// catalog. Memory is that of some ranges. Stateless.
/// </summary>
internal static class CatalogScan
{
    private const int MostThreads = 4, MostTries = 8, RangesOfThread = 2;

    /// <summary>Directories from one number up to, not including, another, and what was found in them.</summary>
    private sealed record Range(long From, long To, MatchBuffer Found);

    /// <summary>
    /// Streams the revisions of a source that match and fit, directory by directory. <paramref name="fits"/> is called by several threads
    /// at once; <paramref name="found"/> by the caller's, and ends it with false.
    /// </summary>
    /// <param name="file">The catalog.</param>
    /// <param name="pattern">For names or paths relative to the source's root.</param>
    /// <param name="source">The source's number.</param>
    /// <param name="fits">What else a revision has to be.</param>
    /// <param name="found">Takes what was found.</param>
    /// <param name="rows">About so many revisions make a range; fewer than two of those are searched by the caller's thread alone.</param>
    /// <param name="processors">How many there are.</param>
    /// <param name="cancelled">Ends it with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="VarveException">Damaged: the catalog. Nothing of a range that is damaged is handed out.</exception>
    internal static void Run(CatalogFile file, Glob pattern, long source, RevisionVisitor fits, RevisionVisitor found, long rows,
        int processors, CancellationToken cancelled)
    {
        using CatalogReader first = file.OpenReader(cancelled);
        IReadOnlyList<long> cuts = first.Search.Cuts(source, rows);
        int threads = Math.Min(Math.Min(processors, MostThreads), cuts.Count - 1);
        if (threads > 1)
        {
            var readers = new List<CatalogReader>();
            try
            {
                for (int i = 0; i < threads; i++) { readers.Add(file.OpenReader(cancelled)); }
                if (TryHold(first, readers))
                {
                    Search(readers, cuts, pattern, fits, found);
                    return;
                }
            }
            finally { foreach (CatalogReader reader in readers) { reader.Dispose(); } }
        }

        first.Search.Find(pattern, source, (in MatchedRevision r) => !fits(in r) || found(in r));
    }

    /// <summary>Whether all of them see one state; not if somebody commits all the time.</summary>
    private static bool TryHold(CatalogReader witness, List<CatalogReader> readers)
    {
        for (int tries = 0; tries < MostTries; tries++)
        {
            long before = witness.Search.DataVersion;
            foreach (CatalogReader reader in readers) { reader.Search.Hold(); }
            if (witness.Search.DataVersion == before) { return true; }
            foreach (CatalogReader reader in readers) { reader.Search.Release(); }
        }

        return false;
    }

    private static void Search(
        List<CatalogReader> readers, IReadOnlyList<long> cuts, Glob pattern, RevisionVisitor fits, RevisionVisitor found)
    {
        int most = RangesOfThread * readers.Count, count = cuts.Count - 1;
        var free = new ConcurrentQueue<CatalogReader>(readers);
        var idle = new Stack<MatchBuffer>();
        using var ranges = new OrderedPipeline<Range>("varve-find", readers.Count, most, () =>
        {
            free.TryDequeue(out CatalogReader? own);
            return range => own!.Search.FindIn(pattern, range.From, range.To, (in MatchedRevision r) =>
            {
                if (fits(in r)) { range.Found.Add(in r); }
                return true;
            });
        });
        for (int put = 0, taken = 0; taken < count; taken++)
        {
            for (; put < count && put - taken < most; put++)
            {
                ranges.Put(new Range(cuts[put], cuts[put + 1], idle.TryPop(out MatchBuffer? buffer) ? buffer : new MatchBuffer()), 1);
            }

            ranges.Take(out Range next);
            for (int i = 0; i < next.Found.Count; i++) { if (!found(next.Found.At(i))) { return; } }
            next.Found.Clear();
            idle.Push(next.Found);
        }
    }
}
