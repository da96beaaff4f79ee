namespace Varve.Archives.Extract;

/// <summary>What was extracted.</summary>
/// <param name="Files">Regular files, further names included.</param>
/// <param name="Directories">Directories that the archive names.</param>
/// <param name="Others">Symlinks, fifos and devices.</param>
/// <param name="Bytes">Bytes of files.</param>
/// <param name="Failures">What was not extracted, or not as it should be, at most 10,000; paths as in the archive.</param>
/// <param name="FailureCount">All of it.</param>
/// <param name="NotSet">One line for each sort of metadata that could not be set.</param>
/// <param name="Elapsed">Wall time.</param>
internal sealed record ExtractResult(long Files, long Directories, long Others, long Bytes, IReadOnlyList<Failure> Failures,
    long FailureCount, IReadOnlyList<string> NotSet, TimeSpan Elapsed)
{
    /// <summary>Whether something in <see cref="NotSet"/> is missed: root may set everything.</summary>
    internal bool LacksMetadata { get; init; }
}
