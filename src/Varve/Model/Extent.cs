namespace Varve.Model;

/// <summary>
/// A piece of a file: a slice of a chunk, or a hole (<see cref="Chunk"/> is none) of <see cref="Length"/> zero bytes that are not stored.
/// </summary>
/// <param name="Chunk">The chunk, or none for a hole.</param>
/// <param name="Offset">Where the slice starts in the chunk, bytes.</param>
/// <param name="Length">Bytes.</param>
internal readonly record struct Extent(ChunkId Chunk, uint Offset, long Length)
{
    /// <summary>A hole of <paramref name="length"/> bytes.</summary>
    public static Extent Hole(long length) => new(default, 0, length);

    /// <summary>Whether this is a hole.</summary>
    public bool IsHole => Chunk.IsNone;
}
