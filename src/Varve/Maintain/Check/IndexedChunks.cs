using Varve.Maintain.Findings;
using System.Buffers;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Seal;
using Varve.Vault.Chunks;
using Varve.Vault.Objects;
using Varve.Vault.Runs;

namespace Varve.Maintain.Check;

/// <summary>What the index says is in a pack, tried chunk by chunk. Thread-safe.</summary>
internal sealed class IndexedChunks(IndexSet index, BlockReader blocks, ChunkHasher hasher, CheckFindings report)
{
    /// <summary>
    /// Something is wrong with the pack, but the index may still lead to what it should hold: each of its chunks is tried.
    /// </summary>
    internal void Check(ObjectName name)
    {
        var chunks = new List<(ChunkId Id, ChunkLocation Location)>();
        index.Chunks.ForEach((in ChunkId id, in ChunkLocation location) =>
        {
            if (location.Block.Pack == name) { chunks.Add((id, location)); }
        });

        foreach (IGrouping<BlockLocation, (ChunkId Id, ChunkLocation Location)> block in chunks.GroupBy(static c => c.Location.Block))
        {
            byte[] raw = ArrayPool<byte>.Shared.Rent((int)block.Key.RawLength);
            try
            {
                blocks.Read(block.Key, raw.AsSpan(0, (int)block.Key.RawLength));
                foreach ((ChunkId id, ChunkLocation location) in block)
                {
                    if (hasher.Compute(raw.AsSpan((int)location.Offset, (int)location.Length)) != id) { report.AddBadChunk(name, id); }
                }
            }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
            {
                foreach ((ChunkId id, ChunkLocation _) in block) { report.AddBadChunk(name, id); }
            }
            finally { ArrayPool<byte>.Shared.Return(raw); }
        }
    }
}
