using Varve.Lookup;
using Varve.Model;

namespace Varve.Maintain.Mark;

/// <summary>
/// Which chunks snapshots need: two bits for each record of the tables that the cache keeps of index runs, whatever there is in them. A
/// chunk is marked at its first record in the first table that has it. Not thread-safe.
/// </summary>
internal sealed class LiveChunks
{
    private readonly List<Marks> _tables = [];

    private sealed record Marks(RunReader Table, BitSet Live, BitSet Followed);

    /// <summary>The tables, in the order in which they came.</summary>
    internal IReadOnlyList<RunReader> Tables => _tables.ConvertAll(static m => m.Table);

    /// <summary>How many chunks are marked.</summary>
    internal long Count { get; private set; }

    /// <summary>Takes tables on that are new; false if one that it has is gone: then all is to be marked anew.</summary>
    internal bool TryExtend(IReadOnlyList<RunReader> tables)
    {
        if (_tables.Exists(m => !tables.Contains(m.Table))) { return false; }
        foreach (RunReader table in tables)
        {
            if (!_tables.Exists(m => m.Table == table)) { _tables.Add(new Marks(table, new(table.ChunkCount), new(table.ChunkCount))); }
        }

        return true;
    }

    /// <summary>A snapshot needs a chunk; false if no table has it.</summary>
    internal bool Mark(in ChunkId id)
    {
        if (!TryPlace(id, out Marks? marks, out uint at)) { return false; }
        if (marks!.Live.Set(at)) { Count++; }
        return true;
    }

    /// <summary>
    /// A snapshot needs a meta chunk, and what it refers to: whether it is to be read, or was before; null if no table has it.
    /// </summary>
    internal bool? Follow(in ChunkId id)
    {
        if (!TryPlace(id, out Marks? marks, out uint at)) { return null; }
        if (marks!.Live.Set(at)) { Count++; }
        return marks.Followed.Set(at);
    }

    /// <summary>Whether the chunk that has these records is marked, of which one is at that place of a table.</summary>
    internal bool IsLive(int table, uint at) => _tables[table].Live[at];

    private bool TryPlace(in ChunkId id, out Marks? marks, out uint at)
    {
        foreach (Marks one in _tables)
        {
            if (!one.Table.TryFind(id, out _, out at)) { continue; }
            at = one.Table.FirstOf(id, at);
            marks = one;
            return true;
        }

        (marks, at) = (null, 0);
        return false;
    }
}
