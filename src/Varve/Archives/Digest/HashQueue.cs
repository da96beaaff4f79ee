namespace Varve.Archives.Digest;

/// <summary>
/// What there is to hash: files of several pieces that want help go before batches, so that one large file is everybody's. Who puts a batch
/// too many waits. It is over when it is complete and nobody works on a batch, which could still bring such a file. Thread-safe.
/// </summary>
internal sealed class HashQueue
{
    private const int MostWaiting = 64;

    // All guarded by _batches.
    private readonly Queue<ContentBatch> _batches = [];
    private readonly List<LargeFile> _large = [];
    private int _busy;
    private bool _isComplete, _isStopped;

    /// <summary>Waits for room and adds; false if it was stopped.</summary>
    internal bool Put(ContentBatch batch)
    {
        lock (_batches)
        {
            while (_batches.Count >= MostWaiting && !_isStopped) { Monitor.Wait(_batches); }
            if (_isStopped) { return false; }
            _batches.Enqueue(batch);
            Monitor.PulseAll(_batches);
            return true;
        }
    }

    /// <summary>A batch, which is to be ended with <see cref="Done"/>, or a file that wants help; false when it is over.</summary>
    internal bool Take(out ContentBatch? batch, out LargeFile? file)
    {
        (batch, file) = (null, null);
        lock (_batches)
        {
            while (!_isStopped)
            {
                file = _large.Find(static f => !f.IsTaken);
                if (file is not null) { return true; }
                if (_batches.TryDequeue(out batch))
                {
                    _busy++;
                    if (_batches.Count == MostWaiting / 2) { Monitor.PulseAll(_batches); }
                    return true;
                }

                if (_isComplete && _busy == 0) { return false; }
                Monitor.Wait(_batches);
            }

            return false;
        }
    }

    /// <summary>A batch that was taken is hashed.</summary>
    internal void Done()
    {
        lock (_batches)
        {
            if (--_busy == 0) { Monitor.PulseAll(_batches); }
        }
    }

    /// <summary>Asks everybody for help with a file.</summary>
    internal void Share(LargeFile file)
    {
        lock (_batches)
        {
            _large.Add(file);
            Monitor.PulseAll(_batches);
        }
    }

    /// <summary>Tells whoever waits for a file that its last piece is done.</summary>
    internal void TellDone()
    {
        lock (_batches) { Monitor.PulseAll(_batches); }
    }

    /// <summary>Waits until all pieces of a file are done, which nobody helps with any more.</summary>
    internal void Await(LargeFile file)
    {
        lock (_batches)
        {
            _large.Remove(file);
            while (!file.IsDone) { Monitor.Wait(_batches); }
        }
    }

    /// <summary>No more batches will come.</summary>
    internal void Complete()
    {
        lock (_batches)
        {
            _isComplete = true;
            Monitor.PulseAll(_batches);
        }
    }

    /// <summary>Lets everyone go; what is left is the caller's.</summary>
    internal IReadOnlyList<ContentBatch> Stop()
    {
        lock (_batches)
        {
            _isStopped = true;
            Monitor.PulseAll(_batches);
            ContentBatch[] rest = [.. _batches];
            _batches.Clear();
            return rest;
        }
    }
}
