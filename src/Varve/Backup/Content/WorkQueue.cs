namespace Varve.Backup.Content;

/// <summary>
/// What workers take from: parts of a large file first, because someone waits for them, then batches of files. Thread-safe; blocking, with
/// bounds.
/// </summary>
internal sealed class WorkQueue(int maxBatches, int maxJobs)
{
    private readonly object _lock = new();
    private readonly Queue<ReadBatch> _batches = new();
    private readonly Queue<FileJob> _jobs = new();
    private readonly Stack<ReadBatch> _idle = new(maxBatches); // its own lock
    private bool _completed, _stopped, _isAwaited;
    private int _underWay; // batches that were put and not returned

    /// <summary>An empty batch.</summary>
    internal ReadBatch Rent()
    {
        lock (_idle) { return _idle.TryPop(out ReadBatch? batch) ? batch : new ReadBatch(); }
    }

    /// <summary>The batch is done with.</summary>
    internal void Return(ReadBatch batch)
    {
        batch.Forget();
        lock (_idle)
        {
            if (_idle.Count < maxBatches) { _idle.Push(batch); }
        }

        lock (_lock)
        {
            if (--_underWay == 0 && _isAwaited) { Monitor.PulseAll(_lock); }
        }
    }

    /// <summary>Waits until all batches that were put have been dealt with. For one caller at a time.</summary>
    /// <exception cref="OperationCanceledException">The queue was stopped.</exception>
    internal void AwaitAll()
    {
        lock (_lock)
        {
            _isAwaited = true;
            while (_underWay > 0 && !_stopped) { Monitor.Wait(_lock); }
            _isAwaited = false;
        }

        ThrowIfStopped();
    }

    /// <summary>Waits for room; false if the queue was stopped.</summary>
    internal bool Put(ReadBatch batch)
    {
        lock (_lock)
        {
            while (_batches.Count >= maxBatches && !_stopped) { Monitor.Wait(_lock); }
            if (_stopped) { return false; }
            _batches.Enqueue(batch);
            _underWay++;
            // Who takes waits only while there is nothing at all.
            if (_batches.Count == 1) { Monitor.PulseAll(_lock); }
            return true;
        }
    }

    /// <summary>Hands a part of a file to the fellows if there is room; otherwise the caller does it itself.</summary>
    internal bool TryPut(FileJob job)
    {
        lock (_lock)
        {
            if (_jobs.Count >= maxJobs || _stopped) { return false; }
            _jobs.Enqueue(job);
            Monitor.PulseAll(_lock);
            return true;
        }
    }

    /// <summary>Waits for work; false when there is none and there will be none. Exactly one of the two is set.</summary>
    internal bool Take(out ReadBatch? batch, out FileJob? job)
    {
        lock (_lock)
        {
            batch = null;
            while (!_stopped)
            {
                if (_jobs.TryDequeue(out job)) { return true; }
                if (_batches.TryDequeue(out batch))
                {
                    // Walkers that found it full go on when it is half empty, not for each batch: waking costs more than listing a
                    // directory.
                    if (_batches.Count == maxBatches / 2) { Monitor.PulseAll(_lock); }
                    return true;
                }

                // A cutter may still be at work when the walk is over, so workers stay until every batch is done (see Complete).
                if (_completed) { break; }
                Monitor.Wait(_lock);
            }

            job = null;
            return false;
        }
    }

    /// <summary>Takes a part of a file if one waits: what a cutter does while its own are under way.</summary>
    internal bool TryTakeJob(out FileJob job)
    {
        lock (_lock) { return _jobs.TryDequeue(out job!); }
    }

    /// <summary>Every batch has been dealt with: workers may go.</summary>
    internal void Complete()
    {
        lock (_lock)
        {
            _completed = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>For loops over a file, which has no end that can be relied on: ends them when nothing more is to be done.</summary>
    /// <exception cref="OperationCanceledException">The queue was stopped.</exception>
    internal void ThrowIfStopped()
    {
        if (Volatile.Read(ref _stopped)) { throw new OperationCanceledException(); }
    }

    /// <summary>Lets everyone go and drops what is there.</summary>
    internal void Stop()
    {
        lock (_lock)
        {
            _stopped = true;
            // Open descriptors would keep a file system from being unmounted.
            foreach (ReadBatch batch in _batches) { batch.Release(); }
            _batches.Clear();
            foreach (FileJob job in _jobs) { job.Abandon(); }
            _jobs.Clear();
            Monitor.PulseAll(_lock);
        }
    }
}
