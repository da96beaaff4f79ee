using Varve.Model;

namespace Varve;

/// <summary>What a restore did.</summary>
/// <param name="Files">Regular files written, further names of files included.</param>
/// <param name="Directories">Directories made or filled.</param>
/// <param name="Others">Symlinks, fifos, sockets and devices.</param>
/// <param name="Bytes">Bytes of content written in this run.</param>
/// <param name="Failures">The first failures, at most 10,000.</param>
/// <param name="FailureCount">All of them.</param>
/// <param name="NotSet">One line for each sort of metadata that could not be set here.</param>
/// <param name="Elapsed">Wall time.</param>
public sealed record RestoreResult(
    long Files, long Directories, long Others, long Bytes, IReadOnlyList<Failure> Failures, long FailureCount, IReadOnlyList<string> NotSet,
    TimeSpan Elapsed)
{
    /// <summary>
    /// Whether something in <see cref="NotSet"/> is missed: root may set everything, others cannot by nature set all of it.
    /// </summary>
    public bool LacksMetadata { get; init; }

    /// <summary>How many files and others an earlier run, which was cut off, had written: they are counted with the rest.</summary>
    public long Kept { get; init; }

    /// <summary>The first of the files that were stored torn and are restored so, at most 10,000: relative to the target.</summary>
    public IReadOnlyList<byte[]> Torn { get; init; } = [];

    /// <summary>All of them.</summary>
    public long TornCount { get; init; }

    /// <summary>
    /// The first of the paths that the snapshot lacks, or has only in part, because the backup could not save them, at most 10,000:
    /// relative to what was restored.
    /// </summary>
    public IReadOnlyList<Failure> Lacking { get; init; } = [];

    /// <summary>All of them.</summary>
    public long LackingCount { get; init; }

    /// <summary>Patterns of <see cref="RestoreOptions.Includes"/> that matched nothing, while others did.</summary>
    public IReadOnlyList<string> UnmatchedIncludes { get; init; } = [];

    /// <summary>Patterns of <see cref="RestoreOptions.Excludes"/> that matched nothing.</summary>
    public IReadOnlyList<string> UnmatchedExcludes { get; init; } = [];

    /// <summary>Of a partial snapshot: files that would have been written, and that it lacks because they were still to come.</summary>
    public long PendingFiles { get; init; }
}
