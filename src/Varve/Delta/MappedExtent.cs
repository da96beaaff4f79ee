using Varve.Model;

namespace Varve.Delta;

/// <summary>Where a part of a file is stored.</summary>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="Extent">The slice of a chunk, or the hole.</param>
/// <param name="ChunkLength">All bytes of the chunk: what is kept alive by the slice. 0 for a hole.</param>
internal readonly record struct MappedExtent(long Offset, Extent Extent, uint ChunkLength)
{
    /// <summary>Where it ends in the file.</summary>
    public long End => Offset + Extent.Length;
}
