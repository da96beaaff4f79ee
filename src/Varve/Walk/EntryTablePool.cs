using Varve.Model;
using Varve.Threads;

namespace Varve.Walk;

/// <summary>
/// Tables to reuse. What is idle takes at most <see cref="MaxIdleBytes"/> in all and an eighth of it each, so that a directory of a million
/// names does not stay in memory. Renting never waits: how many are in use is bounded by whoever keeps them. Thread-safe.
/// </summary>
internal sealed class EntryTablePool
{
    /// <summary>Bytes that idle tables may hold together.</summary>
    public const long MaxIdleBytes = 8 << 20;

    private readonly BoundedPool<EntryTable> _idle = new(static () => new EntryTable(), static t => t.Footprint, MaxIdleBytes);

    /// <summary>An empty table, the caller's until returned.</summary>
    public EntryTable Rent() => _idle.Rent();

    /// <summary>Takes a table back. The caller must not use it any more.</summary>
    public void Return(EntryTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.Footprint > MaxIdleBytes / 8) { return; }
        table.Clear();
        _idle.Return(table);
    }
}
