using Varve.Vault.Snapshots;

namespace Varve;

/// <summary>What to restore and where to.</summary>
public sealed record RestoreOptions
{
    /// <summary>From which snapshot.</summary>
    public required SnapshotInfo Snapshot { get; init; }

    /// <summary>What of it: a path relative to the source's root; null for all.</summary>
    public byte[]? Path { get; init; }

    /// <summary>
    /// The directory whose content the restored directory's content becomes; made if missing. A single file is put into it by its name.
    /// </summary>
    public required byte[] Target { get; init; }

    /// <summary>
    /// Globs: only what they match, all below it, and the directories that lead there. One that begins with a slash is for absolute paths,
    /// as they are recorded. If none matches anything, the restore fails.
    /// </summary>
    public IReadOnlyList<string> Includes { get; init; } = [];

    /// <summary>Globs of what to leave out.</summary>
    public IReadOnlyList<string> Excludes { get; init; } = [];

    /// <summary>The target need not be empty: directories are filled, files that exist are left alone and reported.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Owners by number, even where this machine knows the name that the owner had.</summary>
    public bool NumericOwner { get; init; }

    /// <summary>
    /// Everything, even if it is more than the snapshot counts, or more than 10^9 entries or 2^62 bytes: without this a restore stops a
    /// little beyond its counts, and there.
    /// </summary>
    public bool NoLimits { get; init; }

    /// <summary>Threads that decode and write; 0 means one for each processor.</summary>
    public int Workers { get; init; }
}
