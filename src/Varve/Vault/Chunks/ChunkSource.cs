using Varve.Format;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Seal;

namespace Varve.Vault.Chunks;

/// <summary>
/// The chunks of a repository for readers: the index leads to blocks, blocks are decoded, chunks are compared with their ids. Thread-safe.
/// </summary>
internal sealed class ChunkSource(Lazy<IndexSet> indexes, BlockReader blocks, ChunkHasher hasher) : IChunkSource
{
    /// <inheritdoc/>
    public bool TryLocate(in ChunkId id, out ChunkLocation location) => indexes.Value.TryLocate(id, out location);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> ReadBlock(scoped in BlockLocation block, BlockBuffers buffers) => blocks.Read(in block, buffers);

    /// <inheritdoc/>
    public void ReadBlock(in BlockLocation block, Span<byte> raw) => blocks.Read(in block, raw);

    /// <inheritdoc/>
    public bool IsChunk(in ChunkId id, ReadOnlySpan<byte> bytes) => hasher.Compute(bytes) == id;

    /// <inheritdoc/>
    public byte[] Rescue(in ChunkId id, in BlockLocation failed, VarveException reason)
    {
        indexes.Value.Recover();
        indexes.Value.Avoid(failed.Pack);
        if (!indexes.Value.TryLocate(id, out ChunkLocation other) || other.Block == failed) { throw reason; }
        var raw = new byte[other.Block.RawLength];
        try { blocks.Read(other.Block, raw); }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound) { throw reason; }
        byte[] chunk = raw.AsSpan((int)other.Offset, (int)other.Length).ToArray();
        return IsChunk(id, chunk) ? chunk : throw reason;
    }

    /// <summary>The reason for a chunk that is not what its id says.</summary>
    internal static VarveException Mismatch(in ChunkId id, ObjectName pack) =>
        VarveException.Damaged(Subject.Object(ObjectKeys.Pack(pack)).Within($"chunk {id}"), "its bytes do not match its id");
}
