using Varve.Model;

namespace Varve.Walk;

/// <summary>
/// Tables to reuse. What is idle takes at most <see cref="MaxIdleBytes"/> in all and an eighth of it each, so that a directory of a million names does not
/// stay in memory. Renting never waits: how many are in use is bounded by whoever keeps them. Thread-safe.
/// </summary>
public sealed class EntryTablePool
{
    /// <summary>Bytes that idle tables may hold together.</summary>
    public const long MaxIdleBytes = 8 << 20;

    private readonly Stack<EntryTable> _idle = new(); // its own lock
    private long _idleBytes; // guarded by it

    /// <summary>An empty table, the caller's until returned.</summary>
    public EntryTable Rent()
    {
        lock (_idle)
        {
            if (!_idle.TryPop(out EntryTable? table)) { return new EntryTable(); }
            _idleBytes -= table.Footprint;
            return table;
        }
    }

    /// <summary>Takes a table back. The caller must not use it any more.</summary>
    public void Return(EntryTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        long bytes = table.Footprint;
        if (bytes > MaxIdleBytes / 8) { return; }
        table.Clear();
        lock (_idle)
        {
            if (_idleBytes + bytes > MaxIdleBytes) { return; }
            _idleBytes += bytes;
            _idle.Push(table);
        }
    }
}
