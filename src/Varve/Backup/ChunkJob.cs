using Varve.Model;

namespace Varve.Backup;

/// <summary>
/// One chunk of a large file, handed to whichever worker is free. The cutter waits for <see cref="Wait"/> in the order of the file, so that the extents come in order
/// with a bounded window. The job holds the slab that its bytes lie in until the chunk is stored.
/// </summary>
internal sealed class ChunkJob(Slab slab, int start, int length)
{
    private Exception? _error;
    private bool _done;

    internal ChunkId Id { get; private set; }

    internal int Length => length;

    /// <summary>Stores the chunk. Never throws: the cutter gets the error.</summary>
    internal void Run(ChunkSink sink)
    {
        Exception? error = null;
        try { Id = sink.StoreData(slab.Bytes.AsSpan(start, length)); }
#pragma warning disable CA1031 // stage edge: handed to the cutter, which rethrows it
        catch (Exception e) { error = e; }
#pragma warning restore CA1031
        End(error);
    }

    /// <summary>Nobody will store it: the run is over.</summary>
    internal void Abandon() => End(new OperationCanceledException());

    internal bool IsDone
    {
        get { lock (this) { return _done; } }
    }

    /// <summary>Waits until the chunk is stored and returns its id.</summary>
    internal ChunkId Wait()
    {
        lock (this)
        {
            while (!_done) { Monitor.Wait(this); }
            if (_error is not null) { System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_error); }
            return Id;
        }
    }

    private void End(Exception? error)
    {
        slab.Release();
        lock (this)
        {
            _error = error;
            _done = true;
            Monitor.PulseAll(this);
        }
    }
}
