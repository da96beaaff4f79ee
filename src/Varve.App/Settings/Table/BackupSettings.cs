using Varve.App.Settings.Values;
using Varve.Freeze;
using Varve.Maintain.Retention;
using Varve.Vault.Runs;

namespace Varve.App.Settings.Table;

/// <summary><c>varve backup</c>. What a source may say in the configuration has a key.</summary>
internal static class BackupSettings
{
    internal static readonly Positional Paths = new()
    {
        Name = "PATH", Help = "What to back up: directories or files", Default = "the configured sources", Presence = Presence.Any,
        Completes = Completes.Files,
    };

    internal static readonly ValueSetting<string> Source = new()
    {
        Name = "--source", ValueName = "NAME", Help = "The source's name; without PATH: the configured source of that name",
        Completes = Completes.Sources,
        Default = "the last part of the path it is recorded under", Key = "name", Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> Host = new()
    {
        Name = "--host", ValueName = "NAME", Help = "This host's name, by which its sources are known", Variable = "VARVE_HOST",
        Default = "the system's", Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<byte[]> As = new()
    {
        Name = "--as", ValueName = "PATH", Help = "Record the tree under this absolute path; several PATHs are merged into one tree",
        Key = "as",
        Completes = Completes.Directories, Parse = Texts.Path,
    };

    internal static readonly ValueSetting<string> StdinFrom = new()
    {
        Name = "--stdin-from", ValueName = "COMMAND",
        Help = "Instead of PATHs, save what COMMAND prints, as the file --as NAME; if it fails, no snapshot is made",
        Completes = Completes.Nothing, Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> Excludes = new()
    {
        Name = "--exclude", ValueName = "RULE",
        Help = "Leave out what matches, as in gitignore: a name, a path in the source, or an absolute path; or re: and an expression",
        IsRepeated = true, Key = "exclude", Parse = RuleSources.Rule,
    };

    internal static readonly ValueSetting<string> Includes = new()
    {
        Name = "--include", ValueName = "RULE", Help = "Keep what matches, whatever leaves it out, unless a directory above it is left out",
        IsRepeated = true, Key = "include", Parse = RuleSources.Rule,
    };

    internal static readonly ValueSetting<string> ExcludeFrom = new()
    {
        Name = "--exclude-from", ValueName = "FILE",
        Help = "Read rules from a file, a line each, as in gitignore; with re: before FILE as grep -E -f does",
        IsRepeated = true, Key = "exclude-from", Completes = Completes.Files, Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<long> LargerThan = new()
    {
        Name = "--exclude-larger-than", ValueName = "SIZE", Help = "Leave out files that are larger (500M, 25G)",
        Key = "exclude-larger-than", Parse = Numbers.Size,
    };

    internal static readonly ValueSetting<string> OlderThan = new()
    {
        Name = "--exclude-older-than", ValueName = "TIME", Help = "Leave out what was modified earlier: " + Moments.Forms,
        Key = "exclude-older-than", Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> NewerThan = new()
    {
        Name = "--exclude-newer-than", ValueName = "TIME", Help = "Leave out what was modified later",
        Key = "exclude-newer-than", Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> IfPresent = new()
    {
        Name = "--exclude-if-present", ValueName = "NAME", Help = "Of a directory that has an entry of that name, keep only that",
        IsRepeated = true, Key = "exclude-if-present", Parse = Texts.EntryName,
    };

    internal static readonly FlagSetting Caches = new()
    {
        Name = "--exclude-caches", Help = "Of a directory with a CACHEDIR.TAG, keep only that", Key = "exclude-caches",
    };

    internal static readonly FlagSetting NoDump = new()
    {
        Name = "--exclude-nodump", Help = "Leave out what has the attribute nodump (chattr +d)", Key = "exclude-nodump",
    };

    internal static readonly ValueSetting<string> IfXattr = new()
    {
        Name = "--exclude-if-xattr", ValueName = "NAME[=VALUE]", Help = "Leave out what has that extended attribute",
        IsRepeated = true, Key = "exclude-if-xattr", Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> FileSystemTypes = new()
    {
        Name = "--exclude-fs-type", ValueName = "TYPE", Help = "Do not enter other file systems of that type, such as nfs4 or tmpfs",
        IsRepeated = true, Key = "exclude-fs-type", Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> IgnoreFiles = new()
    {
        Name = "--ignore-file", ValueName = "NAME",
        Help = "Heed files of that name in the tree as git heeds .gitignore: .varveignore, say; without it none counts",
        IsRepeated = true, Key = "ignore-file", Parse = Texts.EntryName,
    };

    internal static readonly ValueSetting<string> Groups = new()
    {
        Name = "--group", ValueName = "NAMES",
        Help = "Files that are one unit, such as '*.MYD,*.MYI', besides those of SQLite; with none those are not",
        IsRepeated = true, Key = "group", Parse = Texts.Group,
    };

    internal static readonly ValueSetting<string> Map = new()
    {
        Name = "--map", ValueName = "RULE",
        Help = "Where entries lie in the source that do not lie where they are read: FROM=TO for a path and all below it, or "
            + "re:EXPRESSION=REPLACEMENT, with $1; the first that fits",
        IsRepeated = true, Key = "map", Parse = Texts.Mapping,
    };

    internal static readonly ValueSetting<string> Tags = new()
    {
        Name = "--tag", ValueName = "TAG", Help = "Tag the snapshot", IsRepeated = true, Key = "tag", Parse = Texts.Text,
    };

    internal static readonly FlagSetting OneFileSystem = new()
    {
        Name = "--one-file-system", Alias = "-x", Help = "Do not enter other file systems", Key = "one-file-system",
    };

    internal static readonly FlagSetting IgnoreInode = new()
    {
        Name = "--ignore-inode", Help = "Do not compare inode numbers: for file systems that do not keep them", Key = "ignore-inode",
    };

    internal static readonly FlagSetting IgnoreCtime = new()
    {
        Name = "--ignore-ctime", Help = "Do not compare ctime: for file systems that do not keep it", Key = "ignore-ctime",
    };

    internal static readonly ValueSetting<FreezeMethod> FileSystemSnapshot = new()
    {
        Name = "--fs-snapshot", ValueName = "METHOD", Help = "Read from a snapshot of the file system: auto, btrfs, lvm, zfs or none",
        Default = "none",
        Key = "fs-snapshot", Words = FreezeMethods.Words, Parse = FreezeMethods.Parse,
    };

    internal static readonly ValueSetting<PackTrust> Trust = new()
    {
        Name = "--trust", ValueName = "WHOSE", Help = "Rely on stored content of all writers, or of this key only: all or own",
        Default = "all", Key = "trust", Words = PackTrusts.Words, Parse = PackTrusts.Parse,
    };

    internal static readonly FlagSetting VerifyExisting = new()
    {
        Name = "--verify-existing", Help = "Read packs of other writers once before relying on what they hold; needs a full key",
        Key = "verify-existing",
    };

    internal static readonly FlagSetting Force = new() { Name = "--force", Help = "Read every file again, changed or not" };

    internal static readonly FlagSetting NewestFirst = new() { Name = "--newest-first", Help = "Begin with the files that changed last" };

    internal static readonly ValueSetting<bool> NewestBy = new()
    {
        Name = "--newest-by", ValueName = "TIME", Help = "What tells how new a file is for --newest-first: mtime or ctime",
        Default = "mtime; ctime where that lies in the future", Words = FileAges.Words, Parse = FileAges.Parse,
    };

    internal static readonly ValueSetting<long> Budget = new()
    {
        Name = "--budget", ValueName = "SIZE",
        Help = "Store at most so much new content (500M, 25G) and leave the rest for the next backup",
        Key = "budget", Parse = Numbers.Size,
    };

    internal static readonly ValueSetting<bool> BudgetBy = new()
    {
        Name = "--budget-by", ValueName = "UNIT",
        Help = "What --budget counts: what is stored (compressed, without what is there), or the size of the files that are read",
        Default = "stored", Key = "budget-by", Words = BudgetUnits.Words, Parse = BudgetUnits.Parse,
    };

    internal static readonly ValueSetting<int> Compression = new()
    {
        Name = "--compression", ValueName = "LEVEL", Help = "zstd level, 1 to 19", Default = "3",
        Key = "compression", Range = 1..19, Parse = Numbers.Whole(1, 19),
    };

    internal static readonly ValueSetting<int> Workers = new()
    {
        Name = "--workers", ValueName = "N", Help = "Threads that read and seal", Default = "one for each processor",
        Parse = Numbers.Whole(1, 256),
    };

    internal static readonly ValueSetting<string> SpoolDirectory = new()
    {
        Name = "--spool-dir", ValueName = "DIR", Help = "Where files that are not seen to hold still are copied to", Default = "in the cache",
        Completes = Completes.Directories, Parse = Texts.FullPath,
    };

    internal static readonly ValueSetting<long> SpoolLimit = new()
    {
        Name = "--spool-limit", ValueName = "SIZE", Help = "What these copies may take at a time", Default = "4G",
        Parse = Numbers.SizeOrNone,
    };

    internal static readonly FlagSetting NoDelta = new()
    {
        Name = "--no-delta", Help = "Store the changed chunks of large files whole, and keep no signatures of such files",
    };

    internal static readonly ValueSetting<long> DeltaFrom = new()
    {
        Name = "--delta-from", ValueName = "SIZE", Help = "Files from this size on get a signature before they change for the first time",
        Default = "256M",
        Parse = Numbers.SizeOrNone,
    };

    internal static readonly ValueSetting<long> DeltaLimit = new()
    {
        Name = "--delta-limit", ValueName = "SIZE", Help = "What signatures may take in the cache; the oldest go first", Default = "1G",
        Parse = Numbers.SizeOrNone,
    };

    internal static readonly FlagSetting SkipIfUnchanged = new()
    {
        Name = "--skip-if-unchanged", Help = "Make no snapshot if nothing changed and all was well; the catalog notes that the backup ran",
    };

    internal static readonly ValueSetting<KeepDuration> KeepLog = new()
    {
        Name = "--keep-log", ValueName = "DURATION", Key = "keep-log", Default = "1y",
        Help = "Of backups that made no snapshot, since nothing had changed, the log has those of the last DURATION, such as 14d or 1y6m",
        Parse = KeepValues.Duration,
    };

    internal static readonly ValueSetting<string> Changes = new()
    {
        Name = "--changes", ValueName = "FILE", Parse = Texts.NotEmpty, Completes = Completes.Files,
        Help = "For the daemon: look only where FILE, which it wrote, says that something changed, and say beside it what the next run goes by",
    };

    internal static readonly FlagSetting DryRun = new()
    {
        Name = "--dry-run", Alias = "-n",
        Help = "Show what would be saved and left out, and how much, and write nothing: no repository, no catalog",
    };

    internal static readonly FlagSetting NoHooks = new()
    {
        Name = "--no-hooks", Help = "Run none of the commands that the configuration has run around backups",
    };

    internal static readonly FlagSetting Progress = new()
    {
        Name = "--progress",
        Help = "With --json: print a progress object each second"
    };

    /// <summary>What decides which entries of a tree a walk takes.</summary>
    internal static readonly IReadOnlyList<Setting> OfWalks =
    [
        Excludes, Includes, ExcludeFrom, LargerThan, OlderThan, NewerThan, IfPresent, Caches, NoDump, IfXattr, FileSystemTypes, IgnoreFiles,
        OneFileSystem,
    ];

    internal static readonly CommandSpec Command = new()
    {
        Path = "backup",
        Help = "Back up each PATH, or else the configured sources, into snapshots. Without -r, the default repository and a key file are "
            + "created when they are missing.",
        Examples =
        [
            "varve backup ~/Documents", "varve backup -r /mnt/disk/backup --exclude '*.o' --tag nightly /home /etc",
            "varve backup --fs-snapshot auto /home", "varve backup --as /home /mnt/snap/home",
            "varve backup --stdin-from 'pg_dump shop' --as /dumps/shop.sql", "find /srv -newer stamp -print0 | varve backup --files-from0 - /srv",
        ],
        Arguments = [Paths],
        Settings =
        [
            Source, Host, As, StdinFrom, ListSettings.FilesFrom, ListSettings.FilesFrom0, ListSettings.ListFormat, ListSettings.SkipBadLines,
            Excludes, Includes, ExcludeFrom, LargerThan, OlderThan, NewerThan, IfPresent, Caches, NoDump, IfXattr,
            FileSystemTypes, IgnoreFiles, Groups, Map, Tags, OneFileSystem, IgnoreInode, IgnoreCtime, FileSystemSnapshot, Force,
            Trust, VerifyExisting,
            NewestFirst, NewestBy, Budget, BudgetBy, Compression,
            Workers, SpoolDirectory, SpoolLimit, NoDelta, DeltaFrom, DeltaLimit, SkipIfUnchanged, KeepLog, NoHooks, Changes,
            DryRun, Progress, VerboseSettings.Backup,
        ],
    };
}
