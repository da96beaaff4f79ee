using Varve.Backup.Packing;
using Varve.Backup.Run;
using Varve.Chunk;
using Varve.Model;
using Varve.Platform;
using Varve.Tree.Details;

namespace Varve.Backup.Content;

/// <summary>
/// Reads a large or sparse file and cuts it; hashing, compressing and sealing of its chunks go to whichever worker is free, so that one
/// file keeps all cores busy. The extents come in the order of the file (<see cref="ExtentQueue"/>); the chunks that are under way lie in a
/// few slabs. Holes are skipped, never read. One per worker thread.
/// </summary>
internal sealed class LargeFileCutter(Chunker chunker, SlabPool slabs, WorkQueue work, ChunkSink sink, RunTally tally)
{
    /// <summary>Where the extents go.</summary>
    internal ExtentQueue Extents { get; } = new(work, sink);

    /// <summary>Stores a file of <paramref name="size"/> bytes; not whole if it turned out shorter.</summary>
    internal FileContent Cut(int fd, long size, bool mayHaveHoles, CellSigner? signer = null) =>
        Cut(fd, size, mayHaveHoles, signer, (from, to) => CutRange(fd, from, to, isAlone: true),
        (from, to) => Extents.Add(Extent.Hole(to - from)), static () => true);

    /// <summary>Stores a stream until it ends; <paramref name="length"/> is what it had.</summary>
    internal FileContent Cut(Stream stream, out long length)
    {
        Extents.Begin(signer: null);
        ExtentListWriter extents;
        try
        {
            ReadAt source = (_, into) => stream.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
            CutRange(source, 0, long.MaxValue, isAlone: true, out length);
            extents = Extents.Finish();
        }
        finally { Extents.Drain(); }
        return new FileContent(length == 0 ? null : extents, IsWhole: true);
    }

    /// <summary>
    /// The same for a caller with its own way to store data and holes, in the order of the file, and to store at the end what it put off.
    /// </summary>
    internal FileContent Cut(int fd, long size, bool mayHaveHoles, CellSigner? signer, Func<long, long, bool> data, Action<long, long> hole,
        Func<bool> rest)
    {
        Extents.Begin(signer);
        bool whole = true;
        ExtentListWriter extents;
        try
        {
            for (long position = 0; position < size && whole;)
            {
                work.ThrowIfStopped();
                long start = mayHaveHoles ? SeekData(fd, position, size) : position;
                if (start > position) { hole(position, start); }
                position = start;
                if (position >= size) { break; }
                long end = mayHaveHoles ? SeekHole(fd, position, size) : size;
                whole = data(position, end);
                position = end;
            }

            whole &= rest();
            extents = Extents.Finish();
        }
        finally { Extents.Drain(); }

        return new FileContent(extents, whole);
    }

    /// <summary>
    /// Cuts a range of data where its content says so; false if the file ended before. <paramref name="isAlone"/>: this is all that is done
    /// with the range, so its bytes count as read and the signature's sections end here.
    /// </summary>
    internal bool CutRange(int fd, long from, long to, bool isAlone) =>
        CutRange((position, into) => FileBytes.Read(fd, position, into, into.Length), from, to, isAlone, out _);

    private delegate int ReadAt(long position, Span<byte> into);

    private bool CutRange(ReadAt source, long from, long to, bool isAlone, out long end)
    {
        Slab slab = RentSlab();
        try
        {
            int start = 0, filled = 0;
            bool whole = true;
            long done = from;
            for (long position = from; ;)
            {
                if (position < to && filled < slab.Bytes.Length)
                {
                    int want = (int)Math.Min(slab.Bytes.Length - filled, to - position);
                    int read = source(position, slab.Bytes.AsSpan(filled, want));
                    if (isAlone) { tally.CountRead(read); }
                    filled += read;
                    position += read;
                    if (read < want)
                    {
                        whole = false;
                        to = position;
                    }
                }

                if (start == filled && position >= to)
                {
                    Extents.Signer?.EndRun();
                    end = position;
                    return whole;
                }

                int length = start == filled ? 0 : chunker.FindBoundary(slab.Bytes.AsSpan(start, filled - start), isEnd: position >= to);
                if (length > 0)
                {
                    Extents.Send(slab, start, length, done);
                    start += length;
                    done += length;
                    if (isAlone && Extents.Signer is { IsSectionFull: true }) { Extents.CloseSection(); }
                    continue;
                }

                // The slab ended with a chunk; or the chunk goes on beyond it: its beginning moves to the next, which is shorter than a
                // chunk at its longest and thus leaves room for the rest.
                Slab next = RentSlab();
                slab.Bytes.AsSpan(start, filled - start).CopyTo(next.Bytes);
                slab.Release();
                (slab, filled, start) = (next, filled - start, 0);
            }
        }
        finally { slab.Release(); }
    }

    /// <inheritdoc cref="WorkQueue.ThrowIfStopped"/>
    internal void ThrowIfStopped() => work.ThrowIfStopped();

    /// <summary>A slab to fill. While there is none, it does what frees one: chunks that wait, its own or another's.</summary>
    internal Slab RentSlab()
    {
        while (true)
        {
            work.ThrowIfStopped();
            if (slabs.TryRent() is { } slab) { return slab; }
            if (work.TryTakeJob(out FileJob job)) { job.Run(sink); }
            else { slabs.Await(); }
        }
    }

    private static long SeekData(int fd, long position, long size)
    {
        int errno = Posix.SeekData(fd, position, out long data);
        if (errno == Errno.ENXIO) { return size; }
        // A file system that cannot tell holes has none.
        return errno != 0 ? position : Math.Min(data, size);
    }

    private static long SeekHole(int fd, long position, long size) =>
        Posix.SeekHole(fd, position, out long hole) != 0 ? size : Math.Min(hole, size);
}
