using Varve.Model;

namespace Varve.Walk;

/// <summary>
/// Tables to reuse. Keeps at most <see cref="Kept"/> of at most 256 KiB each, so that a directory of a million names does not
/// stay in memory. Renting never waits: how many are in use is bounded by whoever keeps them. Thread-safe.
/// </summary>
public sealed class EntryTablePool
{
    /// <summary>How many idle tables are kept.</summary>
    public const int Kept = 64;

    private const long LargestKept = 256 << 10;
    private readonly Stack<EntryTable> _idle = new(Kept); // its own lock

    /// <summary>An empty table, the caller's until returned.</summary>
    public EntryTable Rent()
    {
        lock (_idle)
        {
            return _idle.TryPop(out EntryTable? table) ? table : new EntryTable();
        }
    }

    /// <summary>Takes a table back. The caller must not use it any more.</summary>
    public void Return(EntryTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.Footprint > LargestKept) { return; }
        table.Clear();
        lock (_idle)
        {
            if (_idle.Count < Kept) { _idle.Push(table); }
        }
    }
}
