using Varve.Backup.Packing;
using Varve.Model;
using Varve.Tree.Details;

namespace Varve.Backup.Content;

/// <summary>
/// The extents of a large file on their way: chunks go to whichever worker is free for hashing, compressing and sealing, and their extents
/// come out in the order of the file, at most <see cref="Window"/> of them waiting. One per worker thread.
/// </summary>
internal sealed class ExtentQueue(WorkQueue work, ChunkSink sink)
{
    private const int Window = 64;

    private readonly Queue<(ChunkJob? Job, Extent Extent, uint ChunkLength)> _underWay = new();
    private readonly ExtentListWriter _extents = new(sink.StoreMeta);

    /// <summary>Makes the file's signature meanwhile; null for none.</summary>
    internal CellSigner? Signer { get; private set; }

    /// <summary>Starts a file.</summary>
    internal void Begin(CellSigner? signer)
    {
        Signer = signer;
        _extents.Begin();
    }

    /// <summary>The next chunk of the file, which lies in a slab.</summary>
    internal void Send(Slab slab, int start, int length, long fileOffset)
    {
        Await(Window - 1);
        int signFrom = Signer?.Pass(fileOffset, slab.Bytes.AsSpan(start, length)) ?? 0;
        slab.Hold();
        var job = new ChunkJob(slab, start, length, Signer, fileOffset, signFrom);
        Post(job);
        Add(job, 0, length);
    }

    /// <summary>Hands a job to the fellows, or does it if they have enough.</summary>
    internal void Post(FileJob job)
    {
        if (!work.TryPut(job)) { job.Run(sink); }
    }

    /// <summary>The next extent is a slice of a chunk that was posted.</summary>
    internal void Add(ChunkJob job, uint offset, int length)
    {
        _underWay.Enqueue((job, new Extent(default, offset, length), 0));
        Await(Window);
    }

    /// <summary>The next extent is known.</summary>
    internal void Add(in Extent extent, uint chunkLength = 0)
    {
        _underWay.Enqueue((null, extent, chunkLength));
        Await(Window);
    }

    /// <summary>Waits until at most <paramref name="rest"/> are under way, helping meanwhile, and takes their extents in order.</summary>
    internal void Await(int rest)
    {
        while (_underWay.Count > rest)
        {
            (ChunkJob? job, Extent extent, uint chunkLength) = _underWay.Peek();
            if (job is not null)
            {
                JobGroup.Help(job, work, sink);
                job.Wait();
                (extent, chunkLength) = (extent with { Chunk = job.Id }, (uint)job.Length);
            }

            _underWay.Dequeue();
            _extents.Add(in extent);
            Signer?.Add(in extent, chunkLength);
        }
    }

    /// <summary>
    /// Does the first of some jobs that share buffers while fellows do the rest, and returns or throws when none is under way.
    /// </summary>
    internal void RunAll(FileJob[] jobs)
    {
        for (int i = 1; i < jobs.Length; i++) { Post(jobs[i]); }
        jobs[0].Run(sink);
        JobGroup.Await(jobs, work, sink);
    }

    /// <summary>All extents so far are there, and make a section of the signature.</summary>
    internal void CloseSection()
    {
        Await(0);
        Signer?.CloseSection();
    }

    /// <summary>The extents of the whole file, valid until the next begins.</summary>
    internal ExtentListWriter Finish()
    {
        Await(0);
        return _extents;
    }

    /// <summary>
    /// After an error: waits for what is under way, whose buffers belong to workers, before the next file. Helps meanwhile: when all
    /// workers wait here, as when a budget is spent, nobody else takes what is queued.
    /// </summary>
    internal void Drain()
    {
        while (_underWay.TryDequeue(out var rest))
        {
            while (rest.Job is { IsDone: false })
            {
                if (work.TryTakeJob(out FileJob other)) { other.Run(sink); }
                else { Thread.Sleep(1); }
            }
        }
    }
}
