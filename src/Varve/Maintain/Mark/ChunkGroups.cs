using Varve.Lookup;
using Varve.Model;

namespace Varve.Maintain.Mark;

/// <summary>
/// Goes through the records of several tables together, chunk by chunk, and gives all records of each. Reads in order, whatever their size.
/// Not thread-safe.
/// </summary>
internal sealed class ChunkGroups
{
    private readonly RunCursor[] _cursors;
    private readonly RunChunk[] _heads;
    private readonly uint[] _at;
    private readonly bool[] _isOpen;

    internal ChunkGroups(IReadOnlyList<RunReader> tables)
    {
        _cursors = [.. tables.Select(static t => new RunCursor(t))];
        (_heads, _at, _isOpen) = (new RunChunk[_cursors.Length], new uint[_cursors.Length], new bool[_cursors.Length]);
        for (int t = 0; t < _cursors.Length; t++) { _isOpen[t] = _cursors[t].Next(out _heads[t]); }
    }

    /// <summary>A record: of which table, at which place of it.</summary>
    internal readonly record struct Record(int Table, uint At, RunChunk Chunk);

    /// <summary>The records of the next chunk, in <paramref name="records"/>; false at the end.</summary>
    internal bool Next(List<Record> records)
    {
        records.Clear();
        int least = -1;
        for (int t = 0; t < _heads.Length; t++)
        {
            if (_isOpen[t] && (least < 0 || _heads[t].Id.CompareTo(_heads[least].Id) < 0)) { least = t; }
        }

        if (least < 0) { return false; }
        ChunkId id = _heads[least].Id;
        for (int t = least; t < _heads.Length; t++)
        {
            while (_isOpen[t] && _heads[t].Id == id)
            {
                records.Add(new Record(t, _at[t]++, _heads[t]));
                _isOpen[t] = _cursors[t].Next(out _heads[t]);
            }
        }

        return true;
    }
}
