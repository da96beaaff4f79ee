namespace Varve.ChunkSizes;

/// <summary>
/// The sizes of a repository's header that are compared, in bytes, and zstd's level. Least and largest chunk keep their ratio to the
/// average.
/// </summary>
internal readonly record struct Sizes(int Average, int Block, int Level)
{
    public int Min => Average / 4;

    public int Max => Average * 4;
}
