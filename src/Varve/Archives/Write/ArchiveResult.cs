namespace Varve.Archives.Write;

/// <summary>What came of archiving.</summary>
internal sealed record ArchiveResult
{
    /// <summary>The archive, or its first volume; of an unchanged tree the last one, which has it.</summary>
    internal required byte[] Path { get; init; }

    /// <summary>Nothing was written: the last archive has what there is.</summary>
    internal bool IsUnchanged { get; init; }

    /// <summary>The digest of the tree; null if not all of it could be read.</summary>
    internal string? Digest { get; init; }

    /// <summary>Regular files in it, further names of files included.</summary>
    internal long Files { get; init; }

    /// <summary>Directories.</summary>
    internal long Directories { get; init; }

    /// <summary>Symlinks, fifos and devices.</summary>
    internal long Others { get; init; }

    /// <summary>Bytes of the files.</summary>
    internal long Bytes { get; init; }

    /// <summary>Bytes of the archive.</summary>
    internal long ArchiveBytes { get; init; }

    /// <summary>The volumes; none if it is one file, or nothing was written.</summary>
    internal IReadOnlyList<ArchiveVolume> Volumes { get; init; } = [];

    /// <summary>Files that changed while they were read, each time it was tried, at most 10,000.</summary>
    internal IReadOnlyList<byte[]> Torn { get; init; } = [];

    /// <summary>All of them.</summary>
    internal long TornCount { get; init; }

    /// <summary>What could not be read, at most 10,000.</summary>
    internal IReadOnlyList<Failure> Failures { get; init; } = [];

    /// <summary>All of it.</summary>
    internal long FailureCount { get; init; }

    /// <summary>What such an archive cannot hold, at most 10,000.</summary>
    internal IReadOnlyList<Failure> Skipped { get; init; } = [];

    /// <summary>All of it.</summary>
    internal long SkippedCount { get; init; }

    /// <summary>Older archives that were removed.</summary>
    internal IReadOnlyList<byte[]> Removed { get; init; } = [];

    /// <summary>Wall time.</summary>
    internal TimeSpan Elapsed { get; init; }
}
