using Varve.Model;

namespace Varve.Lookup;

/// <summary>
/// The packs and blocks of several tables as one list each, and their chunks in one sorted sequence that names those. Nothing is left out
/// but what is of runs that are not kept: what one run says of a pack never takes the place of what another says. Memory: about 100 bytes
/// for each pack, some 200 for each run and four for each block.
/// </summary>
internal sealed class MergeMap
{
    private const uint Dropped = uint.MaxValue;

    private readonly IReadOnlyList<RunReader> _runs;
    private readonly uint[][] _packOf, _blockOf; // by table, by its pack or block: its number among those of the merged one

    internal MergeMap(IReadOnlyList<RunReader> runs, Func<ObjectName, bool> keepRun)
    {
        _runs = runs;
        _packOf = new uint[runs.Count][];
        _blockOf = new uint[runs.Count][];
        for (int r = 0; r < runs.Count; r++)
        {
            RunReader run = runs[r];
            uint[] originOf = [.. run.Origins().Select(o => keepRun(o.Run) ? Add(o) : Dropped)];
            _packOf[r] = [.. run.Packs().Select(p => originOf[p.Origin] == Dropped ? Dropped : Add(p with { Origin = originOf[p.Origin] }))];
            _blockOf[r] = [.. run.Blocks().Select(b => _packOf[r][b.Pack] == Dropped ? Dropped : NextBlock())];
        }
    }

    /// <summary>All runs that are kept.</summary>
    internal List<RunOrigin> Origins { get; } = [];

    /// <summary>All packs of them.</summary>
    internal List<RunPack> Packs { get; } = [];

    /// <summary>How many blocks they have.</summary>
    internal uint BlockCount { get; private set; }

    /// <summary>All blocks of them; read again from the tables.</summary>
    internal IEnumerable<RunBlock> Blocks()
    {
        for (int r = 0; r < _runs.Count; r++)
        {
            foreach (RunBlock block in _runs[r].Blocks())
            {
                uint pack = _packOf[r][block.Pack];
                if (pack != Dropped) { yield return block with { Pack = pack }; }
            }
        }
    }

    /// <summary>The chunks of all runs that are kept, ascending by id and then by block.</summary>
    internal IEnumerable<RunChunk> Chunks()
    {
        var heads = new PriorityQueue<int, RunChunk>(_runs.Count); // ordered by id; the table's number stands in Block
        RunCursor[] cursors = [.. _runs.Select(static run => new RunCursor(run))];
        var current = new RunChunk[_runs.Count];
        for (int r = 0; r < _runs.Count; r++)
        {
            if (cursors[r].Next(out current[r])) { heads.Enqueue(r, new RunChunk(current[r].Id, (uint)r, 0, 0)); }
        }

        while (heads.TryPeek(out int r, out _))
        {
            RunChunk chunk = current[r];
            uint block = _blockOf[r][chunk.Block];
            if (block != Dropped) { yield return chunk with { Block = block }; }
            if (cursors[r].Next(out current[r])) { heads.DequeueEnqueue(r, new RunChunk(current[r].Id, (uint)r, 0, 0)); }
            else { heads.Dequeue(); }
        }
    }

    private uint Add(RunOrigin origin)
    {
        Origins.Add(origin);
        return (uint)Origins.Count - 1;
    }

    private uint Add(in RunPack pack)
    {
        Packs.Add(pack);
        return (uint)Packs.Count - 1;
    }

    private uint NextBlock() => checked(++BlockCount) - 1;
}
