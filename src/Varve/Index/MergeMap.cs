using Varve.Model;

namespace Varve.Index;

/// <summary>The packs and blocks of several runs as one list each, and their chunks in one sorted sequence that names those.</summary>
internal sealed class MergeMap
{
    private const uint Dropped = uint.MaxValue;

    private readonly IReadOnlyList<RunReader> _runs;
    private readonly uint[][] _blockOf; // by run, by its block: the index in Blocks

    internal MergeMap(IReadOnlyList<RunReader> runs, Func<ObjectName, bool>? keepPack)
    {
        _runs = runs;
        var packs = new Dictionary<ObjectName, (uint Index, bool Shared)>();
        foreach (RunReader run in runs)
        {
            foreach (RunPack pack in run.Packs())
            {
                if (packs.TryGetValue(pack.Name, out (uint Index, bool) known))
                {
                    packs[pack.Name] = (known.Index, true);
                }
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
            for (uint b = 0; b < run.BlockCount; b++)
            {
                RunBlock block = run.Block(b);
                if (!packs.TryGetValue(run.Pack(block.Pack).Name, out (uint Index, bool Shared) pack))
                {
                    blockOf[b] = Dropped;
                    continue;
                }

                blockOf[b] = (uint)Blocks.Count;
                if (pack.Shared && !shared.TryAdd((pack.Index, block.Number), blockOf[b]))
                {
                    blockOf[b] = shared[(pack.Index, block.Number)];
                    continue;
                }

                Blocks.Add(block with { Pack = pack.Index });
            }
        }
    }

    /// <summary>All packs that are kept, each once.</summary>
    internal List<RunPack> Packs { get; } = [];

    /// <summary>All blocks of them, each once.</summary>
    internal List<RunBlock> Blocks { get; } = [];

    /// <summary>The chunks of all runs that lie in kept packs, ascending by id, each once.</summary>
    internal IEnumerable<RunChunk> Chunks()
    {
        var heads = new PriorityQueue<int, RunChunk>(_runs.Count); // ordered by id; the run's number stands in Block, so earlier runs win
        var next = new uint[_runs.Count];
        var current = new RunChunk[_runs.Count];
        for (int r = 0; r < _runs.Count; r++)
        {
            if (Advance(r, next, ref current[r])) { heads.Enqueue(r, new RunChunk(current[r].Id, (uint)r, 0, 0)); }
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

            if (Advance(r, next, ref current[r]))
            {
                heads.DequeueEnqueue(r, new RunChunk(current[r].Id, (uint)r, 0, 0));
            }
            else
            {
                heads.Dequeue();
            }
        }
    }

    private bool Advance(int r, uint[] next, ref RunChunk current)
    {
        if (next[r] == _runs[r].ChunkCount) { return false; }
        RunChunk following = _runs[r].Checked(next[r]);
        if (next[r] > 0 && current.Id.CompareTo(following.Id) >= 0)
        {
            throw VarveException.Damaged($"local index cache {_runs[r].Name}", "its chunks are out of order");
        }

        (current, next[r]) = (following, next[r] + 1);
        return true;
    }
}
