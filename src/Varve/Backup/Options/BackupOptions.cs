using Varve.Backup.Commit;
using Varve.Backup.Dirty;
using Varve.Backup.Options;
using Varve.Backup.Packing;
using Varve.Backup.Sources;
using Varve.Backup.Streams;
using Varve.Backup.Unstable;
using Varve.Freeze;
using Varve.Model;
using Varve.Model.Paths;
using Varve.Model.Snapshots;
using Varve.Vault.Runs;

namespace Varve;

/// <summary>What to back up and how.</summary>
public sealed record BackupOptions
{
    /// <summary>4 GiB.</summary>
    public const long DefaultSpoolLimit = 4L << 30;

    /// <summary>Default of <see cref="DeltaFrom"/>. Hashing once more is for files that are most expensive to store again.</summary>
    public const long DefaultDeltaFrom = 256L << 20;

    /// <summary>Default of <see cref="DeltaLimit"/>: the signatures of 140 GiB of files.</summary>
    public const long DefaultDeltaLimit = 1L << 30;

    /// <summary>The root of the source: a directory or a single file, as bytes. A symlink here is followed.</summary>
    public required byte[] RootPath { get; init; }

    /// <summary>
    /// The path the tree is recorded under, absolute; default: the root's own path. A source is known by it, not by where it is read.
    /// </summary>
    public byte[]? CanonicalRoot { get; init; }

    /// <summary>The path <see cref="RootPath"/> stands for: <see cref="CanonicalRoot"/>, which is the default, or below it.</summary>
    public byte[]? RootAs { get; init; }

    /// <summary>Whether the root is one of several and may not be there (<see cref="RootMapping.IsRemovable"/>).</summary>
    public bool RootIsRemovable { get; init; }

    /// <summary>See <see cref="RootMapping.FileSystem"/>.</summary>
    public string? RootFileSystem { get; init; }

    /// <summary>More roots, merged with the first into one tree. All are directories then.</summary>
    internal IReadOnlyList<RootMapping> FurtherRoots { get; init; } = [];

    /// <summary>
    /// Rules of where entries lie in the source that do not lie where they are read: <c>FROM=TO</c>, absolute paths, for one and all below
    /// it, or <c>re:EXPRESSION=REPLACEMENT</c> for what the expression matches of the absolute path. The first that fits counts. Of several
    /// entries that come to one path the newest is taken. For directories; not with a list of paths.
    /// </summary>
    public IReadOnlyList<string> PathMap { get; init; } = [];

    /// <summary>How to freeze the file systems that the roots lie on while they are read.</summary>
    internal FreezeMethod FileSystemSnapshot { get; init; }

    /// <summary>The source's name; default: the last component of the canonical root.</summary>
    public string? Source { get; init; }

    /// <summary>Absolute paths, if these and the directories above them are to be all of the tree; else null. For the program.</summary>
    internal PathSelection? Only { get; init; }

    /// <summary>Somebody has watched what changes in the source since before the run began. For the program.</summary>
    internal bool IsWatched { get; init; }

    /// <summary>What changed since a snapshot, if that is known: then the run may look at nothing else. For the program.</summary>
    internal DirtySet? Changed { get; init; }

    /// <summary>The content of the snapshot's one file, <see cref="CanonicalRoot"/>; null: that of the roots. For the program.</summary>
    internal ContentStream? Stream { get; init; }

    /// <summary>Tags for the snapshot.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>
    /// Rules of what to leave out, as in gitignore, of which the last that matches decides. What they exclude is not in the snapshot and
    /// not a failure; <c>!</c> before one keeps what it matches, unless a directory above it is left out. One that begins with a slash is
    /// for absolute paths, as they are recorded; one that begins with <c>re:</c> is a regular expression over the path that is read, with
    /// <c>canonical-re:</c> over the path that is recorded.
    /// </summary>
    public IReadOnlyList<string> Excludes { get; init; } = [];

    /// <summary>
    /// The same, as a configuration gives them: the snapshot's marks tell these from <see cref="Excludes"/>, and nothing else does.
    /// </summary>
    public IReadOnlyList<string> ConfiguredExcludes { get; init; } = [];

    /// <summary>Files that are larger are left out; null: none are.</summary>
    public long? ExcludeLargerThan { get; init; }

    /// <summary>What was changed before is left out, but directories; null: nothing is.</summary>
    public FileTime? ExcludeOlderThan { get; init; }

    /// <summary>What was changed since is left out, but directories; null: nothing is.</summary>
    public FileTime? ExcludeNewerThan { get; init; }

    /// <summary>Of a directory that has an entry of one of these names, nothing but that is kept.</summary>
    public IReadOnlyList<string> ExcludeIfPresent { get; init; } = [];

    /// <summary>Of a directory that has a CACHEDIR.TAG with its signature, nothing but that is kept.</summary>
    public bool ExcludeCaches { get; init; }

    /// <summary>What has the attribute nodump is left out.</summary>
    public bool ExcludeNoDump { get; init; }

    /// <summary>What has one of these extended attributes is left out: a name, or a name, <c>=</c> and a value.</summary>
    public IReadOnlyList<string> ExcludeXattrs { get; init; } = [];

    /// <summary>Types of file systems, as the system lists them, that are not entered: their directories are stored empty.</summary>
    public IReadOnlyList<string> ExcludeFileSystems { get; init; } = [];

    /// <summary>
    /// Names of files in the tree that say, as .gitignore does to git, what of their directory and below it is left out. None counts that
    /// is not named here.
    /// </summary>
    public IReadOnlyList<string> IgnoreFiles { get; init; } = [];

    /// <summary>Rules with where they were given, which come before the others: those of files, and such as are mixed with them.</summary>
    internal IReadOnlyList<ExcludeRule> PlacedRules { get; init; } = [];

    /// <summary>All of these, with where each was given.</summary>
    internal IReadOnlyList<ExcludeRule> ExcludeRules =>
    [
        .. PlacedRules,
        .. ConfiguredExcludes.Select(static pattern => new ExcludeRule(pattern, RuleOrigin.Configuration)),
        .. Excludes.Select(static pattern => new ExcludeRule(pattern, RuleOrigin.Option)),
    ];

    /// <summary>
    /// Files of a directory that are one unit, besides those of an SQLite database: patterns such as "*.MYD,*.MYI", in which the star
    /// stands for what their names have in common. "none" among them: SQLite's are not.
    /// </summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Directories on other file systems are stored empty.</summary>
    public bool OneFileSystem { get; init; }

    /// <summary>Inode numbers are not compared: for file systems that do not keep them.</summary>
    public bool IgnoreInode { get; init; }

    /// <summary>ctime is not compared: for file systems that do not keep it.</summary>
    public bool IgnoreCtime { get; init; }

    /// <summary>Every file is read again, whatever the catalog says.</summary>
    public bool Force { get; init; }

    /// <summary>
    /// Whose packs are relied on. With <see cref="PackTrust.Own"/> what only others have stored is stored again; it needs a key slot with
    /// an identity.
    /// </summary>
    internal PackTrust Trust { get; init; }

    /// <summary>
    /// Packs that another key slot's holder stored, or nobody signed for, are read once before they are relied on; what was verified is
    /// remembered in the cache. Needs the full key.
    /// </summary>
    public bool VerifyExisting { get; init; }

    /// <summary>
    /// No snapshot is made if the source is as the snapshot before has it, that one lacks nothing, and nothing failed or is still to come.
    /// The catalog notes that the run was made.
    /// </summary>
    public bool SkipIfUnchanged { get; init; }

    /// <summary>Runs before this that made no snapshot are noted no longer; null: all are.</summary>
    internal FileTime? LogSince { get; init; }

    /// <summary>The newest files are read first: within a budget, none that is older than one that fits.</summary>
    public bool NewestFirst { get; init; }

    /// <summary>How new a file is is told by its ctime; otherwise by its mtime, or, if that lies in the future, its ctime.</summary>
    public bool NewestByCtime { get; init; }

    /// <summary>
    /// Bytes of new file content after which no more files are read and the snapshot is partial; null: no limit. Never exceeded, and at
    /// least nine tenths of it are used while any file fits. Names and other metadata come on top of it. Not for a root that is a single
    /// file.
    /// </summary>
    public long? Budget { get; init; }

    /// <summary>The budget counts sizes of files; otherwise what is stored of them, and each chunk's place in index and trees.</summary>
    public bool BudgetBySize { get; init; }

    /// <summary>zstd level, 1 to 19.</summary>
    public int CompressionLevel { get; init; } = 3;

    /// <summary>Threads that read and seal; 0 means one for each processor.</summary>
    public int Workers { get; init; }

    /// <summary>Where files that do not hold still are copied to; null: in the repository's cache.</summary>
    public string? SpoolDirectory { get; init; }

    /// <summary>Bytes that such copies may take at a time. A larger file is read from where it is, twice.</summary>
    public long SpoolLimit { get; init; } = DefaultSpoolLimit;

    /// <summary>Of large files that change, only what changed is stored, by signatures in the cache directory.</summary>
    public bool Delta { get; init; } = true;

    /// <summary>Files from this size on, bytes, get a signature at once, not only when they were seen to change.</summary>
    public long DeltaFrom { get; init; } = DefaultDeltaFrom;

    /// <summary>Bytes that signatures may take in the cache directory; the oldest go first.</summary>
    public long DeltaLimit { get; init; } = DefaultDeltaLimit;

    /// <summary>
    /// Throws what would keep any backup with these options from beginning: so nothing is made for it, and no repository either.
    /// </summary>
    /// <exception cref="VarveException">Usage: options that make no sense. NotFound, Storage: none of the source's roots is
    /// there.</exception>
    public void Verify() => OptionRules.Open(this).Dispose();

    /// <summary>How long after one checkpoint the next is due at the latest: so much work is lost when a run is killed.</summary>
    public TimeSpan CheckpointInterval
    {
        get => Checkpoints.Interval;
        init => Checkpoints = Checkpoints with { Interval = value };
    }

    /// <summary>When to make checkpoints.</summary>
    internal CheckpointPolicy Checkpoints { get; init; } = CheckpointPolicy.Default;
}
