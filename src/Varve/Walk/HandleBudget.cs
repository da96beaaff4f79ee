namespace Varve.Walk;

/// <summary>Counts the directory descriptors that were opened under it and are not closed yet, whoever holds them. Thread-safe.</summary>
internal sealed class HandleBudget
{
    private int _open;

    /// <summary>
    /// Creates it. Passing <paramref name="limit"/> is not an error: it is when the walk begins to close what it can reopen.
    /// </summary>
    public HandleBudget(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        Limit = limit;
    }

    /// <summary>Descriptors.</summary>
    public int Limit { get; }

    /// <summary>Descriptors open now.</summary>
    public int Open => Volatile.Read(ref _open);

    internal void Opened() => Interlocked.Increment(ref _open);

    internal void Closed() => Interlocked.Decrement(ref _open);
}
