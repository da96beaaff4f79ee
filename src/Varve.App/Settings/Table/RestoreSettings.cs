using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary><c>varve restore</c> and <c>varve dump</c>.</summary>
internal static class RestoreSettings
{
    internal static readonly ValueSetting<byte[]> Target = new()
    {
        Name = "--target", Alias = "-t", ValueName = "DIR", Help = "Where to; without it there must be --in-place",
        Completes = Completes.Directories, Parse = Texts.Path,
    };

    internal static readonly ValueSetting<string> Includes = new()
    {
        Name = "--include", ValueName = "GLOB",
        Help = "Only what matches: a name, a path's end, or an absolute path", IsRepeated = true, Parse = Texts.Glob,
    };

    internal static readonly ValueSetting<string> Excludes = new()
    {
        Name = "--exclude", ValueName = "GLOB", Help = "Not what matches", IsRepeated = true, Parse = Texts.Glob,
    };

    internal static readonly FlagSetting InPlace = new()
    {
        Name = "--in-place",
        Help = "Back to where it came from, or to the same places below --target: only what differs is written",
    };

    internal static readonly ValueSetting<string> Overwrite = new()
    {
        Name = "--overwrite", ValueName = "WHEN", IsValueOptional = true, Words = OverwriteModes.Words,
        Help = "The target need not be empty, and what is there and differs is replaced never, if-newer (the snapshot's is), if-changed (in "
            + "kind, size or time) or always (judged by content)",
        Default = "if-changed with --in-place; alone it means never", Parse = OverwriteModes.Parse,
    };

    internal static readonly FlagSetting Delete = new()
    {
        Name = "--delete", Help = "Delete what the snapshot has not, below what is restored: not across mounts, nor what it left out",
    };

    internal static readonly FlagSetting DeleteExcluded = new()
    {
        Name = "--delete-excluded", Help = "With --delete: what rules excluded too, also by snapshots that do not tell",
    };

    internal static readonly FlagSetting Yes = new() { Name = "--yes", Help = "Do not ask before --delete deletes" };

    internal static readonly FlagSetting DryRun = new() { Name = "--dry-run", Alias = "-n", Help = "Write nothing; show what would be" };

    internal static readonly FlagSetting Verify = new()
    {
        Name = "--verify", Help = "Compare files that are there by content, and read everything back at the end",
    };

    internal static readonly ValueSetting<string> KeepOld = new()
    {
        Name = "--keep-old", ValueName = "SUFFIX", Help = "Rename what would be replaced or deleted: SUFFIX comes behind its name",
        Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<byte[]> As = new()
    {
        Name = "--as", ValueName = "NAME", Help = "Restore a single file under another name",
        Completes = Completes.Directories, Parse = Texts.Path,
    };

    internal static readonly FlagSetting NoOwner = new() { Name = "--no-owner", Help = "Do not set owners and groups" };

    internal static readonly FlagSetting NoXattrs = new()
    {
        Name = "--no-xattrs", Help = "Do not set extended attributes, ACLs among them",
    };

    internal static readonly FlagSetting InPlaceWrite = new()
    {
        Name = "--inplace-write", Help = "Write what differs into the files themselves, which a kill leaves half written",
    };

    internal static readonly Positional FurtherPaths = new()
    {
        Name = "PATH", Help = "Further paths of the same snapshot; each comes to its own place below the target",
        Presence = Presence.Any, Completes = Completes.Paths,
    };

    internal static readonly FlagSetting NoLimits = new()
    {
        Name = "--no-limits", Help = "All there is, even beyond what a snapshot counts, beyond 10^9 entries or beyond 2^62 bytes",
    };

    internal static readonly FlagSetting NumericOwner = new() { Name = "--numeric-owner", Help = "Set owners by number, not by name" };

    internal static readonly ValueSetting<int> Workers = new()
    {
        Name = "--workers", ValueName = "N", Help = "Threads", Default = "one for each processor", Parse = Numbers.Whole(1, 256),
    };

    internal static readonly CommandSpec Command = new()
    {
        Path = "restore",
        Help = "Restore a snapshot, or paths of it, into a directory, which must be empty or not yet there, or to where they came from.",
        Examples = ["varve restore --target /tmp/restored", "varve restore /home/me/Documents --target /tmp/restored",
            "varve restore 3fa2b1c4:/home/me/Documents --include '*.odt' --target /tmp/restored",
            "varve restore --at '3 weeks ago' /home/me/Documents --target /tmp/restored",
            "varve restore /home/me/Documents --in-place --dry-run",
            "varve restore latest:letters --in-place --delete --keep-old .old"],
        Arguments = [HistorySettings.Snapshot, FurtherPaths],
        Settings =
        [
            Target, InPlace, Overwrite, Delete, DeleteExcluded, Yes, DryRun, Verify, KeepOld, As, Includes, Excludes, HistorySettings.At,
            SourceSettings.Source, SourceSettings.HostOfLatest, SourceSettings.Writer, HistorySettings.TagsOfLatest,
            NumericOwner, NoOwner, NoXattrs, InPlaceWrite, NoLimits, Workers,
            VerboseSettings.Restore,
        ],
    };

    internal static readonly Positional DumpSnapshot = new()
    {
        Name = "SNAPSHOT[:PATH]",
        Help = HistorySettings.Naming + ", and the file or directory; an absolute PATH alone is of the latest",
        Completes = Completes.SnapshotPaths,
    };

    internal static readonly Positional DumpPath = new()
    {
        Name = "PATH", Help = "The file or directory, if not after a colon",
        Presence = Presence.Optional, Completes = Completes.Paths,
    };

    internal static readonly CommandSpec Dump = new()
    {
        Path = "dump",
        Help = "Write one file of a snapshot to standard output, or a directory as a tar.",
        Examples = ["varve dump /home/me/Documents/report.odt > report.odt", "varve dump latest~1 report.odt | less",
            "varve dump latest:letters > letters.tar"],
        Arguments = [DumpSnapshot, DumpPath],
        Settings = [HistorySettings.At, SourceSettings.Source, SourceSettings.HostOfLatest, SourceSettings.Writer,
            HistorySettings.TagsOfLatest],
        NoJson = "dump writes bytes and takes no --json",
    };
}
