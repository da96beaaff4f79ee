using Varve.Backup.Dirty;
using Varve.Model;

namespace Varve;

/// <summary>What a run did.</summary>
/// <param name="Name">The snapshot's name; of a run that made none, that of the snapshot before.</param>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Failures">The first failures, at most 10,000.</param>
/// <param name="FailureCount">All of them.</param>
/// <param name="Notes">Remarks: what was left out by rule.</param>
/// <param name="Elapsed">Wall time.</param>
/// <param name="Resumed">Whether it carried on from a run that was killed.</param>
public sealed record BackupResult(
    ObjectName Name, Snapshot Snapshot, IReadOnlyList<Failure> Failures, long FailureCount, IReadOnlyList<Notice> Notes, TimeSpan Elapsed,
    bool Resumed)
{
    /// <summary>Whether the tree is the one of the snapshot before.</summary>
    public bool NothingChanged { get; init; }

    /// <summary>
    /// Whether no snapshot was made, because everything is as the one before has it (<see cref="BackupOptions.SkipIfUnchanged"/>):
    /// <see cref="Name"/> is that one's, and <see cref="Snapshot"/> what would have been stored.
    /// </summary>
    public bool IsSkipped { get; init; }

    /// <summary>Files that never held still and were stored with the flag torn. They are among the failures.</summary>
    public long Torn { get; init; }

    /// <summary>Files of the source that are on the list of unstable files now: not seen to hold still.</summary>
    public int Unstable { get; init; }

    /// <summary>
    /// Of a partial snapshot: what is still to come, the newest first, at most 10,000; its counts tell how many there are.
    /// </summary>
    internal IReadOnlyList<PendingFile> Pending { get; init; } = [];

    /// <summary>Patterns of <see cref="BackupOptions.Excludes"/> and of the configured ones that matched nothing in this source.</summary>
    public IReadOnlyList<string> UnmatchedExcludes { get; init; } = [];

    /// <summary>How much of <see cref="BackupOptions.Budget"/> was used.</summary>
    public long BudgetUsed { get; init; }

    /// <summary>Files of which a part was found in chunks of their earlier state.</summary>
    public long DeltaFiles { get; init; }

    /// <summary>
    /// Of a source that is watched (<see cref="BackupOptions.IsWatched"/>): what the next run goes by; null: it looks at everything.
    /// </summary>
    internal DirtySet? Rest { get; init; }

    /// <summary>Of such a source: why everything was looked at; null if only what changed was, or nobody watches.</summary>
    internal string? WhyAll { get; init; }

    /// <summary>Bytes of these parts: neither cut nor stored again.</summary>
    public long DeltaBytes { get; init; }
}
