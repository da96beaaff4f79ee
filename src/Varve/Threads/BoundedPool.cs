namespace Varve.Threads;

/// <summary>
/// Objects to reuse, which know what they hold; what is idle holds at most <paramref name="most"/> bytes together. Renting never waits: how
/// many are in use is bounded by whoever keeps them. Thread-safe.
/// </summary>
internal sealed class BoundedPool<T>(Func<T> make, Func<T, long> footprint, long most)
    where T : class
{
    private readonly Stack<T> _idle = new(); // its own lock
    private long _idleBytes; // guarded by it

    /// <summary>An idle object as it was left, or a new one; the caller's until returned.</summary>
    internal T Rent()
    {
        lock (_idle)
        {
            if (!_idle.TryPop(out T? item)) { return make(); }
            _idleBytes -= footprint(item);
            return item;
        }
    }

    /// <summary>Takes an object back, which nobody may use any more.</summary>
    internal void Return(T item)
    {
        long bytes = footprint(item);
        lock (_idle)
        {
            if (_idleBytes + bytes > most) { return; }
            _idleBytes += bytes;
            _idle.Push(item);
        }
    }
}
