namespace Varve.Backup;

/// <summary>What to back up and how.</summary>
public sealed record BackupOptions
{
    /// <summary>Default of <see cref="DeltaFrom"/>. Hashing a file once more, which a signature costs, is for those that are most expensive to store again.</summary>
    public const long DefaultDeltaFrom = 256L << 20;

    /// <summary>Default of <see cref="DeltaLimit"/>: the signatures of 140 GiB of files.</summary>
    public const long DefaultDeltaLimit = 1L << 30;

    /// <summary>The root of the source: a directory or a single file, as bytes. A symlink here is followed.</summary>
    public required byte[] RootPath { get; init; }

    /// <summary>The source's name; default: the last component of the root.</summary>
    public string? Source { get; init; }

    /// <summary>Tags for the snapshot.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Globs of what to leave out (Model/Glob). What they match is not in the snapshot and not a failure.</summary>
    public IReadOnlyList<string> Excludes { get; init; } = [];

    /// <summary>Directories on other file systems are stored empty.</summary>
    public bool OneFileSystem { get; init; }

    /// <summary>Inode numbers are not compared: for file systems that do not keep them.</summary>
    public bool IgnoreInode { get; init; }

    /// <summary>ctime is not compared: for file systems that do not keep it.</summary>
    public bool IgnoreCtime { get; init; }

    /// <summary>Every file is read again, whatever the catalog says.</summary>
    public bool Force { get; init; }

    /// <summary>zstd level, 1 to 19.</summary>
    public int CompressionLevel { get; init; } = 3;

    /// <summary>Threads that read and seal; 0 means one for each processor.</summary>
    public int Workers { get; init; }

    internal int WorkerCount => Workers > 0 ? Workers : Environment.ProcessorCount;

    /// <summary>Of large files that change, only what changed is stored, by signatures in the cache directory.</summary>
    public bool Delta { get; init; } = true;

    /// <summary>Files from this size on, bytes, get a signature at once, not only when they were seen to change.</summary>
    public long DeltaFrom { get; init; } = DefaultDeltaFrom;

    /// <summary>Bytes that signatures may take in the cache directory; the oldest go first.</summary>
    public long DeltaLimit { get; init; } = DefaultDeltaLimit;

    /// <summary>When to make checkpoints.</summary>
    public CheckpointPolicy Checkpoints { get; init; } = CheckpointPolicy.Default;
}
