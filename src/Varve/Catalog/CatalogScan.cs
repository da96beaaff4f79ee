using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Varve.Catalog.Rows;
using Varve.Model;
using Varve.Model.Paths;

namespace Varve.Catalog;

/// <summary>
/// A search through all revisions of a source by several threads, each with a connection of its own. They take ranges of directories by
/// turns; what they found is handed out in the order of the ranges, so that it comes as from one thread. All see the same state of the
/// catalog. Memory is that of some ranges. For one search.
/// </summary>
internal sealed class CatalogScan : IDisposable
{
    private const int MostThreads = 4, MostTries = 8;

    private readonly CatalogReader[] _readers;
    private readonly ConcurrentBag<MatchBuffer> _idle = [];
    private readonly Slot[] _slots;
    private readonly IReadOnlyList<long> _cuts;
    private readonly Glob _pattern;
    private readonly RevisionVisitor _fits;
    private readonly SemaphoreSlim _window;
    private int _next = -1;
    private volatile bool _isOver;

    private CatalogScan(CatalogReader[] readers, IReadOnlyList<long> cuts, Glob pattern, RevisionVisitor fits)
    {
        (_readers, _cuts, _pattern, _fits) = (readers, cuts, pattern, fits);
        _slots = [.. Enumerable.Range(0, cuts.Count - 1).Select(static _ => new Slot())];
        _window = new SemaphoreSlim(2 * readers.Length);
    }

    /// <summary>What became of a range; null in both while it is searched. Its own lock.</summary>
    private sealed class Slot
    {
        private MatchBuffer? _found;
        private Exception? _error;

        internal void Set(MatchBuffer? found, Exception? error)
        {
            lock (this)
            {
                (_found, _error) = (found, error);
                Monitor.PulseAll(this);
            }
        }

        internal MatchBuffer Take()
        {
            lock (this)
            {
                while (_found is null && _error is null) { Monitor.Wait(this); }
                if (_error is not null) { ExceptionDispatchInfo.Throw(_error); }
                MatchBuffer found = _found!;
                _found = null;
                return found;
            }
        }
    }

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
            CatalogReader[] readers = [.. Enumerable.Range(0, threads).Select(_ => file.OpenReader(cancelled))];
            using var scan = new CatalogScan(readers, cuts, pattern, fits);
            if (TryHold(first, readers))
            {
                scan.Run(found);
                return;
            }
        }

        first.Search.Find(pattern, source, (in MatchedRevision r) => !fits(in r) || found(in r));
    }

    /// <summary>Whether all of them see one state; not if somebody commits all the time.</summary>
    private static bool TryHold(CatalogReader witness, CatalogReader[] readers)
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

    private void Run(RevisionVisitor found)
    {
        Thread[] threads = [.. _readers.Select((r, i) => new Thread(() => Work(r)) { Name = $"varve-find {i}", IsBackground = true })];
        foreach (Thread thread in threads) { thread.Start(); }
        try
        {
            foreach (Slot slot in _slots)
            {
                MatchBuffer buffer = slot.Take();
                for (int i = 0; i < buffer.Count; i++) { if (!found(buffer.At(i))) { return; } }
                buffer.Clear();
                _idle.Add(buffer);
                _window.Release();
            }
        }
        finally
        {
            _isOver = true;
            _window.Release(_readers.Length);
            foreach (Thread thread in threads) { thread.Join(); }
        }
    }

    private void Work(CatalogReader reader)
    {
        while (true)
        {
            _window.Wait();
            int i = Interlocked.Increment(ref _next);
            if (_isOver || i >= _slots.Length) { return; }
            try
            {
                MatchBuffer buffer = _idle.TryTake(out MatchBuffer? idle) ? idle : new MatchBuffer();
                reader.Search.FindIn(_pattern, _cuts[i], _cuts[i + 1], (in MatchedRevision r) =>
                {
                    if (_fits(in r)) { buffer.Add(in r); }
                    return !_isOver;
                });
                _slots[i].Set(buffer, null);
            }
#pragma warning disable CA1031 // a thread's edge: Take throws it on
            catch (Exception e) { _slots[i].Set(null, e); }
#pragma warning restore CA1031
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        foreach (CatalogReader reader in _readers) { reader.Dispose(); }
        _window.Dispose();
    }
}
