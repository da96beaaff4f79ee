using Varve.Delta;

namespace Varve.Backup.Deltas;

/// <summary>A part of a region on its way to the extents.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="Length">Bytes.</param>
/// <param name="First">Old parts: the first of their extents. New parts that are gathered: the chunk's number, or -1 for those that are
/// cut.</param>
/// <param name="Count">Old parts: the number of extents. New parts that are gathered: where in the chunk.</param>
internal readonly record struct RegionPart(DeltaOpKind Kind, long Offset, long Length, int First, int Count)
{
    /// <summary>Where it ends in the file.</summary>
    internal long End => Offset + Length;

    /// <summary>Whether it is referred to.</summary>
    internal bool IsOld => Kind is DeltaOpKind.Cells or DeltaOpKind.Part;
}
