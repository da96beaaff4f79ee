namespace Varve.Delta;

/// <summary>A part of a file, compared with its earlier state.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Old">Where the same bytes began in the earlier state; for new bytes without meaning.</param>
internal readonly record struct DeltaOp(DeltaOpKind Kind, long Offset, long Length, long Old)
{
    /// <summary>Where it ends in the file.</summary>
    public long End => Offset + Length;
}
