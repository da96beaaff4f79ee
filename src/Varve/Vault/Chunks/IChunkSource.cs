using Varve.Model;
using Varve.Model.Packs;

namespace Varve.Vault.Chunks;

/// <summary>
/// Stored chunks, for those who read content: where each lies, and the blocks they lie in. A reader decodes a block once for all that it
/// wants of it, compares each chunk with its id before a byte of it goes on, and asks for rescue where that fails. Thread-safe. Needs the
/// full key.
/// </summary>
internal interface IChunkSource
{
    /// <summary>Where a chunk lies, whatever it takes to find it; false if nobody knows it.</summary>
    bool TryLocate(in ChunkId id, out ChunkLocation location);

    /// <summary>
    /// Decodes a block into buffers that the caller reuses; what it returns is valid until the next call with them. Allocates nothing once
    /// they have grown.
    /// </summary>
    /// <exception cref="VarveException">Damaged, naming the pack; NotFound if the pack is missing; WrongKey without the full
    /// key.</exception>
    ReadOnlySpan<byte> ReadBlock(scoped in BlockLocation block, BlockBuffers buffers);

    /// <summary>Decodes a block; <paramref name="raw"/> must be exactly as long as the block's raw length.</summary>
    /// <inheritdoc cref="ReadBlock(in BlockLocation, BlockBuffers)"/>
    void ReadBlock(in BlockLocation block, Span<byte> raw);

    /// <summary>Whether these are the bytes that the id names.</summary>
    bool IsChunk(in ChunkId id, ReadOnlySpan<byte> bytes);

    /// <summary>
    /// The slow way to a chunk that cannot be read where the index first led: the index is put in order, and another pack that holds the
    /// chunk is tried. The chunk's bytes, compared with its id, from another place than <paramref name="failed"/>.
    /// </summary>
    /// <exception cref="VarveException"><paramref name="reason"/>, if there is no other place or it is no better.</exception>
    byte[] Rescue(in ChunkId id, in BlockLocation failed, VarveException reason);
}
