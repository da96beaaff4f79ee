namespace Varve.Walk;

/// <summary>
/// The shared LIFO of a walk, which knows when the walk is over: when nothing waits and nobody works on what could add more. As long as
/// what waits, no longer. Thread-safe.
/// </summary>
internal sealed class WalkQueue<T>
{
    private readonly object _gate = new();

    // Guarded by _gate.
    private T[] _items = new T[64];
    private int _count;
    private int _unfinished; // waiting or being worked on
    private int _sleepers;
    private bool _stopped;

    /// <summary>Starts with one item.</summary>
    public WalkQueue(T first)
    {
        _items[0] = first;
        _count = _unfinished = 1;
    }

    /// <summary>The newest item; waits for one. False when the walk is over or stopped. Each item taken is to be completed.</summary>
    public bool TryTake(out T item)
    {
        lock (_gate)
        {
            while (_count == 0 && _unfinished > 0 && !_stopped)
            {
                _sleepers++;
                Monitor.Wait(_gate);
                _sleepers--;
            }

            bool taken = _count > 0 && !_stopped;
            item = taken ? _items[--_count] : default!;
            if (taken) { _items[_count] = default!; }
            return taken;
        }
    }

    /// <summary>An item that was taken is done and leaves these behind; the first of them is taken next.</summary>
    public void Complete(ReadOnlySpan<T> children)
    {
        lock (_gate)
        {
            if (_items.Length - _count < children.Length)
            {
                Array.Resize(ref _items, Math.Max(_count + children.Length, Math.Min(2 * _items.Length, Array.MaxLength)));
            }

            for (int i = children.Length - 1; i >= 0; i--) { _items[_count++] = children[i]; }
            _unfinished += children.Length - 1;
            if (_sleepers > 0 && (children.Length > 0 || _unfinished == 0)) { Monitor.PulseAll(_gate); }
        }
    }

    /// <summary>Nothing is handed out any more, and nobody waits.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
    }
}
