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

    /// <summary>The directory that paths are relative to: the target, or the directory in it that is restored in its place.</summary>
    public byte[] Target { get; init; } = [];

    /// <summary>Nothing was written: the counts are of what would be.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Of what was written: how many took the place of something else.</summary>
    public long Replaced { get; init; }

    /// <summary>Entries of which only metadata were set.</summary>
    public long MetadataOnly { get; init; }

    /// <summary>Entries, directories apart, that were as they are to be.</summary>
    public long Unchanged { get; init; }

    /// <summary>Entries that stay as they are because they are newer.</summary>
    public long LeftAlone { get; init; }

    /// <summary>Paths that the snapshot has not and that were removed, or renamed where that was asked for.</summary>
    public long Deleted { get; init; }

    /// <summary>Bytes of files among them that have no other name.</summary>
    public long DeletedBytes { get; init; }

    /// <summary>The first of the paths that the snapshot has not and that stay, with the reason, at most 10,000.</summary>
    public IReadOnlyList<Failure> Protected { get; init; } = [];

    /// <summary>All of them; what lies below one is not counted.</summary>
    public long ProtectedCount { get; init; }

    /// <summary>Entries that were read back and are what the snapshot says.</summary>
    public long Verified { get; init; }
}
