using Varve.Model;

namespace Varve.Lookup;

/// <summary>
/// The packs and blocks of several runs as one list each, and their chunks in one sorted sequence that names those. Memory: about 100 bytes
/// for each pack and four for each block.
/// </summary>
internal sealed class MergeMap
{
    private const uint Dropped = uint.MaxValue;

    private readonly IReadOnlyList<RunReader> _runs;
    private readonly uint[][] _blockOf; // by run, by its block: its number among the blocks of the merged run
    private readonly Dictionary<ObjectName, (uint Index, bool Shared)> _packIndex;

    internal MergeMap(IReadOnlyList<RunReader> runs, Func<ObjectName, bool>? keepPack)
    {
        _runs = runs;
        var packs = new Dictionary<ObjectName, (uint Index, bool Shared)>();
        foreach (RunReader run in runs)
        {
            foreach (RunPack pack in run.Packs())
            {
                if (packs.TryGetValue(pack.Name, out (uint Index, bool) known)) { packs[pack.Name] = (known.Index, true); }
                else if (keepPack == null || keepPack(pack.Name))
                {
                    packs.Add(pack.Name, ((uint)Packs.Count, false));
                    Packs.Add(pack);
                }
            }
        }

        // Only packs that several runs list can have blocks that several runs list.
        var shared = new Dictionary<(uint Pack, uint Number), uint>();
        _blockOf = new uint[runs.Count][];
        for (int r = 0; r < runs.Count; r++)
        {
            RunReader run = runs[r];
            uint[] blockOf = _blockOf[r] = new uint[run.BlockCount];
            (uint Index, bool Shared)?[] packOf = [.. run.Packs()
                .Select(p => packs.TryGetValue(p.Name, out (uint, bool) known) ? known : default((uint, bool)?))];
            uint b = 0;
            foreach (RunBlock block in run.Blocks())
            {
                uint own = b++;
                if (packOf[block.Pack] is not { } pack)
                {
                    blockOf[own] = Dropped;
                    continue;
                }

                blockOf[own] = BlockCount;
                if (pack.Shared && !shared.TryAdd((pack.Index, block.Number), blockOf[own]))
                {
                    blockOf[own] = shared[(pack.Index, block.Number)];
                    continue;
                }

                BlockCount = checked(BlockCount + 1);
            }
        }

        _packIndex = packs;
    }

    /// <summary>All packs that are kept, each once.</summary>
    internal List<RunPack> Packs { get; } = [];

    /// <summary>How many blocks they have, each counted once.</summary>
    internal uint BlockCount { get; private set; }

    /// <summary>All blocks of them, each once; read again from the runs.</summary>
    internal IEnumerable<RunBlock> Blocks()
    {
        uint next = 0;
        for (int r = 0; r < _runs.Count; r++)
        {
            RunReader run = _runs[r];
            uint[] packOf = [.. run.Packs()
                .Select(p => _packIndex.TryGetValue(p.Name, out (uint Index, bool) known) ? known.Index : Dropped)];
            uint b = 0;
            foreach (RunBlock block in run.Blocks())
            {
                // One that was met before has a lower number than the next new one.
                if (_blockOf[r][b++] != next) { continue; }
                next++;
                yield return block with { Pack = packOf[block.Pack] };
            }
        }
    }

    /// <summary>The chunks of all runs that lie in kept packs, ascending by id, each once.</summary>
    internal IEnumerable<RunChunk> Chunks()
    {
        var heads = new PriorityQueue<int, RunChunk>(_runs.Count); // ordered by id; the run's number stands in Block, so earlier runs win
        RunCursor[] cursors = [.. _runs.Select(static run => new RunCursor(run))];
        var current = new RunChunk[_runs.Count];
        for (int r = 0; r < _runs.Count; r++)
        {
            if (cursors[r].Next(out current[r])) { heads.Enqueue(r, new RunChunk(current[r].Id, (uint)r, 0, 0)); }
        }

        ChunkId last = default;
        bool any = false;
        while (heads.TryPeek(out int r, out _))
        {
            RunChunk chunk = current[r];
            uint block = _blockOf[r][chunk.Block];
            if (block != Dropped && (!any || chunk.Id != last))
            {
                (last, any) = (chunk.Id, true);
                yield return chunk with { Block = block };
            }

            if (cursors[r].Next(out current[r])) { heads.DequeueEnqueue(r, new RunChunk(current[r].Id, (uint)r, 0, 0)); }
            else { heads.Dequeue(); }
        }
    }
}
