using Varve.Model;
using Varve.Platform;
using Varve.Tree;

namespace Varve.Backup;

/// <summary>
/// Reads a large or sparse file and cuts it; hashing, compressing and sealing of its chunks go to whichever worker is free, so that one file keeps all cores busy.
/// The extents come in the order of the file: at most <see cref="Window"/> chunks are under way, in a few slabs. Holes are skipped, never read. One per worker thread.
/// </summary>
internal sealed class LargeFileCutter(RunContext run, ThreadTools tools)
{
    private const int Window = 64;

    private readonly Queue<(ChunkJob? Job, long Hole)> _underWay = new();
    private readonly ExtentListWriter _extents = new(tools.Sink.StoreMeta);

    /// <summary>Stores a file of <paramref name="size"/> bytes into the tools' details; false if it turned out shorter or longer.</summary>
    internal bool Cut(int fd, long size, bool mayHaveHoles)
    {
        _extents.Begin();
        bool whole = true;
        try
        {
            for (long position = 0; position < size && whole;)
            {
                long data = mayHaveHoles ? SeekData(fd, position, size) : position;
                if (data > position) { Await(Window - 1); _underWay.Enqueue((null, data - position)); }
                position = data;
                if (position >= size) { break; }
                long end = mayHaveHoles ? SeekHole(fd, position, size) : size;
                whole = CutRange(fd, position, end);
                position = end;
            }

            Await(0);
        }
        finally
        {
            // After an error the buffers of what is under way still belong to workers: wait for them before the next file.
            while (_underWay.TryDequeue(out var rest)) { WaitQuietly(rest.Job); }
        }

        tools.Details.TakeContent(_extents);
        return whole;
    }

    private bool CutRange(int fd, long from, long to)
    {
        Slab slab = RentSlab();
        try
        {
            int start = 0, filled = 0;
            bool whole = true;
            for (long position = from; ;)
            {
                if (position < to && filled < slab.Bytes.Length)
                {
                    int want = (int)Math.Min(slab.Bytes.Length - filled, to - position);
                    int read = ReadFailedException.ReadFully(fd, position, slab.Bytes.AsSpan(filled, want), want);
                    Interlocked.Add(ref run.Tally.BytesRead, read);
                    run.Tally.Monitor.AddRead(read);
                    filled += read;
                    position += read;
                    if (read < want)
                    {
                        whole = false;
                        to = position;
                    }
                }

                if (start == filled && position >= to) { return whole; }
                int length = start == filled ? 0 : run.Repository.Chunker.FindBoundary(slab.Bytes.AsSpan(start, filled - start), isEnd: position >= to);
                if (length > 0)
                {
                    Send(slab, start, length);
                    start += length;
                    continue;
                }

                // The slab ended with a chunk; or the chunk goes on beyond it: its beginning moves to the next, which is shorter than a chunk at its longest and thus leaves room for the rest.
                Slab next = RentSlab();
                slab.Bytes.AsSpan(start, filled - start).CopyTo(next.Bytes);
                slab.Release();
                (slab, filled, start) = (next, filled - start, 0);
            }
        }
        finally
        {
            slab.Release();
        }
    }

    /// <summary>A slab to fill. While there is none, it does what frees one: chunks that wait, its own or another's.</summary>
    private Slab RentSlab()
    {
        while (true)
        {
            if (run.Slabs.TryRent() is { } slab) { return slab; }
            if (run.Edges.Work.TryTakeChunk(out ChunkJob job)) { job.Run(tools.Sink); }
            else { run.Slabs.Await(); }
        }
    }

    private void Send(Slab slab, int start, int length)
    {
        Await(Window - 1);
        slab.Hold();
        var job = new ChunkJob(slab, start, length);
        if (!run.Edges.Work.TryPut(job)) { job.Run(tools.Sink); }
        _underWay.Enqueue((job, 0));
    }

    /// <summary>Waits until at most <paramref name="rest"/> are under way, helping meanwhile, and takes their extents in order.</summary>
    private void Await(int rest)
    {
        while (_underWay.Count > rest)
        {
            (ChunkJob? job, long hole) = _underWay.Peek();
            while (job is { IsDone: false } && run.Edges.Work.TryTakeChunk(out ChunkJob other)) { other.Run(tools.Sink); }
            Extent extent = job is null ? Extent.Hole(hole) : new Extent(job.Wait(), 0, job.Length);
            _underWay.Dequeue();
            _extents.Add(extent);
        }
    }

    private static long SeekData(int fd, long position, long size)
    {
        long data = Posix.SeekData(fd, position);
        if (data < 0 && Posix.LastError == Errno.ENXIO) { return size; }
        // A file system that cannot tell holes has none.
        return data < 0 ? position : Math.Min(data, size);
    }

    private static long SeekHole(int fd, long position, long size)
    {
        long hole = Posix.SeekHole(fd, position);
        return hole < 0 ? size : Math.Min(hole, size);
    }

    /// <summary>Helps meanwhile: when all workers wait here, as when a budget is spent, nobody else takes what is queued.</summary>
    private void WaitQuietly(ChunkJob? job)
    {
        while (job is { IsDone: false })
        {
            if (run.Edges.Work.TryTakeChunk(out ChunkJob other)) { other.Run(tools.Sink); }
            else { Thread.Sleep(1); }
        }
    }
}
