namespace Varve.Delta;

/// <summary>What a signature knows of one block of a file.</summary>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="Length">Bytes: the signature's block size, or fewer where a run of new content or the file ends.</param>
/// <param name="Weak">Its <see cref="RollingSum"/>.</param>
/// <param name="Strong">Its <see cref="BlockHasher"/> hash: equal means the same bytes.</param>
internal readonly record struct BlockRecord(long Offset, int Length, uint Weak, UInt128 Strong)
{
    /// <summary>Where it ends in the file.</summary>
    public long End => Offset + Length;
}
