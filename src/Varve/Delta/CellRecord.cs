namespace Varve.Delta;

/// <summary>What a signature knows of one cell of a file.</summary>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="Length">Bytes: the signature's cell size, or fewer where a stretch of new content or the file ends.</param>
/// <param name="Weak">Its <see cref="RollingSum"/>.</param>
/// <param name="Strong">Its <see cref="CellHasher"/> hash: equal means the same bytes.</param>
internal readonly record struct CellRecord(long Offset, int Length, uint Weak, UInt128 Strong)
{
    /// <summary>Where it ends in the file.</summary>
    public long End => Offset + Length;
}
