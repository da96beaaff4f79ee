namespace Varve.Threads;

/// <summary>
/// A blocking queue with a bound: the edges between the stages of a run. Blocking, because every stage owns its threads and a full
/// edge is how a slow stage holds the ones before it back. Thread-safe. After <see cref="Stop"/> every call returns false at once.
/// Waking a thread costs more than most items do, so who waits for room is woken when the queue is half empty, and who waits for items when
/// there are <paramref name="wakeAt"/> of them: more than 1 suits a taker that waits with a time limit, which gets fewer at the end of it.
/// </summary>
internal sealed class BoundedQueue<T>(int capacity, int wakeAt = 1)
{
    private readonly Queue<T> _items = new();
    private bool _completed;
    private bool _stopped;

    /// <summary>Waits for room and adds; false if the queue was stopped.</summary>
    internal bool Put(T item)
    {
        lock (_items)
        {
            while (_items.Count >= capacity && !_stopped) { Monitor.Wait(_items); }
            if (_stopped) { return false; }
            if (_completed) { throw new InvalidOperationException("The queue is complete."); }
            Enqueue(item);
            return true;
        }
    }

    /// <summary>Waits for an item; false when there is none and there will be none.</summary>
    internal bool Take(out T item) => Take(Timeout.InfiniteTimeSpan, out item, out _);

    /// <summary>As <see cref="Take(out T)"/>, but returns false with <paramref name="timedOut"/> when nothing came in time.</summary>
    internal bool Take(TimeSpan timeout, out T item, out bool timedOut)
    {
        lock (_items)
        {
            timedOut = false;
            while (_items.Count == 0 && !_completed && !_stopped)
            {
                if (!Monitor.Wait(_items, timeout) && _items.Count == 0)
                {
                    timedOut = !_completed && !_stopped;
                    item = default!;
                    return false;
                }
            }

            if (_stopped || _items.Count == 0)
            {
                item = default!;
                return false;
            }

            item = _items.Dequeue();
            PulseIfHalfEmpty();
            return true;
        }
    }

    /// <summary>No more items will come; what is there can still be taken.</summary>
    internal void Complete()
    {
        lock (_items)
        {
            _completed = true;
            Monitor.PulseAll(_items);
        }
    }

    /// <summary>What a stopped queue still held, for who must dispose of it.</summary>
    internal IReadOnlyList<T> Rest()
    {
        lock (_items) { return [.. _items]; }
    }

    // Takers wait only while it is empty and the count rises one by one, so none sleeps beyond wakeAt.
    private void Enqueue(T item)
    {
        _items.Enqueue(item);
        if (_items.Count == wakeAt) { Monitor.PulseAll(_items); }
    }

    // Those who put wait only while it is full and the count falls one by one.
    private void PulseIfHalfEmpty()
    {
        if (_items.Count == capacity / 2) { Monitor.PulseAll(_items); }
    }

    /// <summary>Lets everyone who waits go: a stage failed. What is there can no longer be taken.</summary>
    internal void Stop()
    {
        lock (_items)
        {
            _stopped = true;
            Monitor.PulseAll(_items);
        }
    }
}
