using Varve.Model.Bounds;

namespace Varve.Backup.Packing;

/// <summary>
/// How much new content a run may still store. Thread-safe.
/// <para>Invariant: what data blocks take in the store, compressed, and <see cref="OfChunk"/> for each chunk together never exceed the
/// limit; by size, the sizes of the files that were read do not. A chunk that is taken on counts with its raw length until its block is
/// closed, then the block counts with what it came to, which is never more. What does not fit so is asked again when all open blocks are
/// closed, and once more as what it comes to compressed by itself; only then it does not fit (decision 0071).</para>
/// </summary>
/// <param name="limit">Bytes.</param>
/// <param name="bySize">Whether sizes of files are counted, and not what is stored.</param>
/// <param name="smallestChunk">Into how many chunks a file is cut at most is told by this.</param>
internal sealed class Budget(long limit, bool bySize, int smallestChunk)
{
    /// <summary>
    /// What a chunk takes besides its bytes: some 35 in an index run, as many in its pack's footer, some 40 for its extent in a tree. Ids
    /// do not compress.
    /// </summary>
    internal const int OfChunk = 112;

    // Whoever reads what does not fit reads in vain: so much for each byte of the budget, and a little, is enough.
    private const long MostInVain = 8, SomeInVain = 64 << 20;

    // Of a file that does not fit no more than what is read at once is read in vain.
    private const long MostRead = 4 << 20;

    private readonly object _gate = new();
    private long _used, _open, _inVain;
    private volatile bool _isSpent = limit <= 0;

    /// <summary>Closes all blocks that are open, on whichever thread. Set by who has the threads, before the first is started.</summary>
    internal Action CloseBlocks { get; set; } = static () => { };

    /// <summary>Bytes of content stored, raw bytes in open blocks, and what their chunks take besides.</summary>
    internal long Used => Interlocked.Read(ref _used);

    /// <summary>What is left of it, while blocks are open at least so much.</summary>
    internal long Left => Math.Max(0, limit - Used);

    /// <summary>Whether sizes of files are counted, and not what is stored.</summary>
    internal bool IsOfSizes => bySize;

    /// <summary>No more files are read. Stays so.</summary>
    internal bool IsSpent => _isSpent;

    /// <summary>Whether as much was read in vain as may be: what may not fit is no longer tried.</summary>
    internal bool IsTryingOver => Interlocked.Read(ref _inVain) > MostTried;

    private long MostTried => Saturating.Add(Math.Min(limit, long.MaxValue / MostInVain) * MostInVain, SomeInVain);

    /// <summary>What would be stored, while somebody only asks; else null. Set while nobody else stores anything.</summary>
    internal BudgetTrial? Trial { get; set; }

    /// <summary>What a file of that size takes at most: if nothing of it compresses, and nothing is there.</summary>
    internal long MostOf(long size) => IsOfSizes ? size : size == 0 ? 0 : Saturating.Add(size, ((size / smallestChunk) + 1) * OfChunk);

    /// <summary>Takes a chunk on with its raw length; false if it does not fit so.</summary>
    internal bool TryTake(int length)
    {
        if (IsOfSizes) { return true; }
        if (_isSpent || !TryUse(length + OfChunk)) { return false; }
        Interlocked.Add(ref _open, length);
        return true;
    }

    /// <summary>Takes a chunk on that is stored at once, and comes to so many bytes.</summary>
    internal bool TryTakeStored(int stored) => !_isSpent && TryUse(stored + OfChunk);

    /// <summary>The chunk of <see cref="TryTakeStored"/> was taken on by somebody else as well.</summary>
    internal void GiveBackStored(int stored) => Interlocked.Add(ref _used, -stored - OfChunk);

    /// <summary>The chunk of <see cref="TryTake"/> was taken on by somebody else as well.</summary>
    internal void GiveBack(int length)
    {
        if (IsOfSizes) { return; }
        Interlocked.Add(ref _open, -length);
        Interlocked.Add(ref _used, -length - OfChunk);
    }

    /// <summary>A block of <paramref name="raw"/> bytes of chunks came to <paramref name="stored"/>.</summary>
    internal void Settle(int raw, int stored)
    {
        if (IsOfSizes) { return; }
        Interlocked.Add(ref _open, -raw);
        Interlocked.Add(ref _used, stored - raw);
    }

    /// <summary>
    /// For a chunk that did not fit with its raw length: closes open blocks until it does, or until none is open. The caller holds none of
    /// the locks that closing takes.
    /// </summary>
    internal bool TryTakeSettled(int length)
    {
        lock (_gate)
        {
            while (!_isSpent)
            {
                bool wasOpen = Interlocked.Read(ref _open) > 0;
                if (wasOpen) { CloseBlocks(); }
                if (TryTake(length)) { return true; }
                if (!wasOpen) { return false; }
            }

            return false;
        }
    }

    /// <summary>Takes a file of that size on, where sizes are counted; true where they are not.</summary>
    internal bool TryTakeFile(long size) => !IsOfSizes || size == 0 || (!_isSpent && TryUse(size));

    /// <summary>The file was not read after all.</summary>
    internal void GiveBackFile(long size)
    {
        if (IsOfSizes) { Interlocked.Add(ref _used, -size); }
    }

    /// <summary>
    /// Something did not fit of which so many bytes had been read. From nine tenths on that is the end; before that, what is smaller may
    /// fit, until there is no room for anything, or too much was tried.
    /// </summary>
    internal void Misfit(long read)
    {
        Saturating.Add(ref _inVain, read);
        long settled = Used - Interlocked.Read(ref _open), left = limit - settled;
        if (left <= limit / 10 || (!IsOfSizes && left <= OfChunk)) { _isSpent = true; }
    }

    /// <summary>The same of a file that was stored as far as it fits: enough of these were tried at some time.</summary>
    internal void MisfitTried(long size)
    {
        Misfit(Math.Min(size, MostRead));
        if (IsTryingOver) { _isSpent = true; }
    }

    private bool TryUse(long bytes)
    {
        long used = Interlocked.Read(ref _used);
        while (bytes <= limit - used)
        {
            long seen = Interlocked.CompareExchange(ref _used, used + bytes, used);
            if (seen == used) { return true; }
            used = seen;
        }

        return false;
    }
}
