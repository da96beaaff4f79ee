using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary><c>varve restore</c> and <c>varve dump</c>.</summary>
internal static class RestoreSettings
{
    internal static readonly ValueSetting<byte[]> Target = new()
    {
        Name = "--target", Alias = "-t", ValueName = "DIR", Help = "Where to", IsRequired = true, Completes = Completes.Directories,
        Parse = Texts.Path,
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

    internal static readonly FlagSetting Overwrite = new()
    {
        Name = "--overwrite", Help = "The target need not be empty: directories are filled, files that exist are left alone and reported",
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
        Help = "Restore a snapshot, or a path of it, into a directory, which must be empty or not yet there.",
        Examples = ["varve restore --target /tmp/restored", "varve restore /home/me/Documents --target /tmp/restored",
            "varve restore 3fa2b1c4:/home/me/Documents --include '*.odt' --target /tmp/restored",
            "varve restore --at '3 weeks ago' /home/me/Documents --target /tmp/restored"],
        Arguments = [HistorySettings.Snapshot],
        Settings =
        [
            Target, Includes, Excludes, HistorySettings.At, SourceSettings.Source, SourceSettings.HostOfLatest, SourceSettings.Writer,
            Overwrite, NumericOwner, NoLimits, Workers,
            VerboseSettings.Restore,
        ],
    };

    internal static readonly Positional DumpSnapshot = new()
    {
        Name = "SNAPSHOT[:PATH]",
        Help = HistorySettings.Naming + ", and the file; an absolute PATH alone is of the latest",
        Completes = Completes.SnapshotPaths,
    };

    internal static readonly Positional DumpPath = new()
    {
        Name = "PATH", Help = "The file, if not after a colon",
        Presence = Presence.Optional, Completes = Completes.Paths,
    };

    internal static readonly CommandSpec Dump = new()
    {
        Path = "dump",
        Help = "Write one file of a snapshot to standard output.",
        Examples = ["varve dump /home/me/Documents/report.odt > report.odt", "varve dump latest~1 report.odt | less"],
        Arguments = [DumpSnapshot, DumpPath],
        Settings = [HistorySettings.At, SourceSettings.Source, SourceSettings.HostOfLatest, SourceSettings.Writer],
        NoJson = "dump writes a file's bytes and takes no --json",
    };
}
