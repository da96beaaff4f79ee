using Varve.Restore.Place;
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

    /// <summary>
    /// Paths in the place of <see cref="Path"/>: each comes to its own place below the target, be it one or many. Empty:
    /// <see cref="Path"/> decides.
    /// </summary>
    public IReadOnlyList<byte[]> Paths { get; init; } = [];

    /// <summary>
    /// The target need not be empty: directories are filled, files that exist are left alone and reported, also with <see cref="InPlace"/>.
    /// </summary>
    public bool Overwrite { get; init; }

    /// <summary>
    /// The target stands for the source's root, and what is restored comes to its own place in it. What is there and differs is replaced;
    /// what does not is not touched. Directories get the snapshot's metadata at or below what is restored, and never above.
    /// </summary>
    public bool InPlace { get; init; }

    /// <summary>What is there and differs is replaced, as with <see cref="InPlace"/>.</summary>
    public bool Replace { get; init; }

    /// <summary>With <see cref="Replace"/>: only where the snapshot's was modified later.</summary>
    public bool OnlyNewer { get; init; }

    /// <summary>With <see cref="Replace"/>: whether a file differs is told by its content, whatever size and time say.</summary>
    public bool ByContent { get; init; }

    /// <summary>
    /// What the snapshot has not is removed below what is restored: not across mounts, not what was left out or failed when it was made,
    /// and nothing at all by a snapshot that is partial, or does not say what it left out.
    /// </summary>
    public bool Delete { get; init; }

    /// <summary>With <see cref="Delete"/>: what rules excluded too, and by snapshots that do not say what they left out.</summary>
    public bool DeleteExcluded { get; init; }

    /// <summary>Nothing is written; the result says what would be.</summary>
    public bool DryRun { get; init; }

    /// <summary>Afterwards all is read back and compared; what differs is a failure. Includes <see cref="ByContent"/>.</summary>
    public bool Verify { get; init; }

    /// <summary>What would be replaced or deleted is renamed: this is put behind its name. Null or empty: it is not kept.</summary>
    public byte[]? KeepOld { get; init; }

    /// <summary>The name that a single file is to have.</summary>
    public byte[]? As { get; init; }

    /// <summary>Owners and groups are not set.</summary>
    public bool NoOwner { get; init; }

    /// <summary>Extended attributes, ACLs among them, are not set.</summary>
    public bool NoXattrs { get; init; }

    /// <summary>Parts of files that differ are written into the files themselves: a kill leaves such a file half written.</summary>
    public bool WriteInPlace { get; init; }

    /// <summary>Owners by number, even where this machine knows the name that the owner had.</summary>
    public bool NumericOwner { get; init; }

    /// <summary>
    /// Everything, even if it is more than the snapshot counts, or more than 10^9 entries or 2^62 bytes: without this a restore stops a
    /// little beyond its counts, and there.
    /// </summary>
    public bool NoLimits { get; init; }

    /// <summary>Threads that decode and write; 0 means one for each processor.</summary>
    public int Workers { get; init; }

    /// <summary>What is done with what stands in the target; null if it stays.</summary>
    internal PlaceRules? Rules => !Replaces ? null : new PlaceRules
    {
        OnlyNewer = OnlyNewer, ByContent = ByContent || Verify, IsDry = DryRun,
        WritesInto = WriteInPlace, Suffix = KeepOld ?? [],
    };

    private bool Replaces => InPlace && !Overwrite || Replace || OnlyNewer || ByContent;

    /// <summary>The whole snapshot, and not a part of it by path.</summary>
    internal bool IsOfAll => Path is null && Paths.Count == 0;
}
