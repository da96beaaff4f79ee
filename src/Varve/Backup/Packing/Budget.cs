namespace Varve.Backup.Packing;

/// <summary>
/// How many bytes of new content a run may still store. Thread-safe.
/// <para>Invariant: what data blocks take in the store, compressed, and <see cref="OfChunk"/> for each chunk together never exceed the
/// limit. A chunk that is taken on counts with its raw length until its block is closed, then the block counts with what it came to, which
/// is never more. So a run stops short of the limit by at most a block and a chunk for each worker.</para>
/// </summary>
internal sealed class Budget(long limit)
{
    /// <summary>
    /// What a chunk takes besides its bytes: some 35 in an index run, as many in its pack's footer, some 40 for its extent in a tree. Ids
    /// do not compress.
    /// </summary>
    internal const int OfChunk = 112;

    private long _used;
    private volatile bool _isSpent = limit <= 0;

    /// <summary>Bytes of content stored, raw bytes in open blocks, and what their chunks take besides.</summary>
    internal long Used => Interlocked.Read(ref _used);

    /// <summary>Something did not fit: no more files are read. Stays so.</summary>
    internal bool IsSpent => _isSpent;

    /// <summary>Takes a chunk on; false if it does not fit.</summary>
    internal bool TryTake(int length)
    {
        long used = Interlocked.Read(ref _used);
        while (!_isSpent && length + OfChunk <= limit - used)
        {
            long seen = Interlocked.CompareExchange(ref _used, used + length + OfChunk, used);
            if (seen == used) { return true; }
            used = seen;
        }

        _isSpent = true;
        return false;
    }

    /// <summary>The chunk was taken on by somebody else as well.</summary>
    internal void GiveBack(int length) => Interlocked.Add(ref _used, -length - OfChunk);

    /// <summary>A block of <paramref name="raw"/> bytes of chunks came to <paramref name="stored"/>.</summary>
    internal void Settle(int raw, int stored) => Interlocked.Add(ref _used, stored - raw);
}
