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
    /// The same, of a chunk that is wanted up to <paramref name="end"/>: a place that says that it is shorter is told only if there is no
    /// other. Any place may be false.
    /// </summary>
    bool TryLocate(in ChunkId id, long end, out ChunkLocation location);

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
    /// The slow way to a chunk that cannot be read where the index first led: all its places are tried, the index is listed anew as often
    /// as that brings others, and put in order. A pack that turns out to be false, or unreadable, is read last from then on.
    /// </summary>
    /// <returns>The chunk's bytes, compared with its id. Its length is what it is, whatever the first place said.</returns>
    /// <exception cref="VarveException"><paramref name="reason"/>, if no place is any better than <paramref name="failed"/>.</exception>
    byte[] Rescue(in ChunkId id, in BlockLocation failed, VarveException reason);
}
