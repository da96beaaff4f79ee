using Varve.Model;

namespace Varve;

/// <summary>What a restore did.</summary>
/// <param name="Files">Regular files written, further names of files included.</param>
/// <param name="Directories">Directories made or filled.</param>
/// <param name="Others">Symlinks, fifos, sockets and devices.</param>
/// <param name="Bytes">Bytes of content written.</param>
/// <param name="Failures">The first failures, at most 10,000.</param>
/// <param name="FailureCount">All of them.</param>
/// <param name="NotSet">One line for each sort of metadata that could not be set here.</param>
/// <param name="Elapsed">Wall time.</param>
public sealed record RestoreResult(
    long Files, long Directories, long Others, long Bytes, IReadOnlyList<Failure> Failures, long FailureCount, IReadOnlyList<string> NotSet,
    TimeSpan Elapsed)
{
    /// <summary>The first of the files that were stored torn and are restored so, at most 10,000: relative to the target.</summary>
    public IReadOnlyList<byte[]> Torn { get; init; } = [];

    /// <summary>All of them.</summary>
    public long TornCount { get; init; }
}
