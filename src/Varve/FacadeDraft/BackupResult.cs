using Varve.Model;

namespace Varve.Backup;

/// <summary>What a run did.</summary>
/// <param name="Name">The snapshot's name.</param>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Failures">The first failures, at most 10,000.</param>
/// <param name="FailureCount">All of them.</param>
/// <param name="Notes">One-line remarks: what was left out by rule.</param>
/// <param name="Elapsed">Wall time.</param>
/// <param name="Resumed">Whether it carried on from a run that was killed.</param>
public sealed record BackupResult(
    ObjectName Name, Snapshot Snapshot, IReadOnlyList<Failure> Failures, long FailureCount, IReadOnlyList<string> Notes, TimeSpan Elapsed, bool Resumed)
{
    /// <summary>Whether the tree is the one of the snapshot before.</summary>
    public bool NothingChanged => Snapshot.Counts is { New: 0, Changed: 0, MetadataOnly: 0, Gone: 0, BytesAdded: 0 };
}
