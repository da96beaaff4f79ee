using Varve.Model;

namespace Varve.Backup.Results;

/// <summary>What a backup would do now.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="Root">The path that was walked.</param>
/// <param name="Counts">What the snapshot would hold, what would be new, changed and gone; nothing of what would be stored.</param>
internal sealed record DryRunResult(string Source, byte[] Root, SnapshotCounts Counts)
{
    /// <summary>Files that would be read, and how many bytes they have.</summary>
    internal required (long Files, long Bytes) ToRead { get; init; }

    /// <summary>The first failures, at most 10,000.</summary>
    internal required IReadOnlyList<Failure> Failures { get; init; }

    /// <summary>All of them.</summary>
    internal required long FailureCount { get; init; }

    /// <summary>Remarks.</summary>
    internal required IReadOnlyList<Notice> Notes { get; init; }

    /// <summary>Rules that matched nothing.</summary>
    internal required IReadOnlyList<string> UnmatchedExcludes { get; init; }

    /// <summary>Whether there was a snapshot to compare with.</summary>
    internal required bool IsCompared { get; init; }

    /// <summary>Wall time.</summary>
    internal required TimeSpan Elapsed { get; init; }
}
