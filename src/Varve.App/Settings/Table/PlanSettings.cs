using Varve.App.Settings.Values;
using Varve.Archives.Foreign;
using Varve.Archives.Lists;
using Varve.Archives.Plan;

namespace Varve.App.Settings.Table;

/// <summary><c>varve plan</c>.</summary>
internal static class PlanSettings
{
    internal static readonly ValueSetting<byte[]> Live = new()
    {
        Name = "--live", ValueName = "PATH", IsRepeated = true,
        Help = "What is there: everything that a backup of PATH would save now", Completes = Completes.Files, Parse = Texts.Path,
    };

    internal static readonly ValueSetting<string> Lists = new()
    {
        Name = "--listed", ValueName = "FILE", IsRepeated = true, Completes = Completes.Files, Parse = Texts.NotEmpty,
        Help = "What is there: a list, as of another machine or of a drive that is not here; or - for standard input",
    };

    internal static readonly ValueSetting<string> Map = new()
    {
        Name = "--map", ValueName = "RULE", IsRepeated = true, Parse = Texts.NotEmpty,
        Help = "Which canonical name an actual one stands for: FROM=TO for a path and all below it, or re:EXPRESSION=REPLACEMENT, with $1; the "
            + "first that fits; with N: before it only for input N, those of --live first",
    };

    internal static readonly ValueSetting<string> Saved = new()
    {
        Name = "--saved", ValueName = "FILE", IsRepeated = true, Completes = Completes.Files, Parse = Texts.NotEmpty,
        Help = "What was saved: a list as Varve writes it, or as zpaq list, tar -tv, restic ls --json or borg list as lines of JSON print it",
    };

    internal static readonly ValueSetting<string> SavedSnapshot = new()
    {
        Name = "--saved-snapshot", ValueName = "SNAPSHOT[:PATH]", IsRepeated = true, Completes = Completes.SnapshotPaths,
        Help = "What was saved: all of a snapshot; " + HistorySettings.Naming, Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<SavedFormat> SavedFormats = new()
    {
        Name = "--saved-format", ValueName = "FORMAT", Default = "as the first line tells", Words = PlanWords.SavedFormats,
        Help = "What printed the lists of what was saved: " + string.Join(", ", PlanWords.SavedFormats), Parse = PlanWords.SavedFormat,
    };

    internal static readonly ValueSetting<string> SavedMap = new()
    {
        Name = "--saved-map", ValueName = "RULE", IsRepeated = true, Parse = Texts.NotEmpty,
        Help = "As --map, of the names of what was saved; N counts the lists, then the snapshots",
    };

    internal static readonly ValueSetting<TimeZoneInfo> SavedZone = new()
    {
        Name = "--saved-zone", ValueName = "ZONE", Help = "The time zone of lists that tell none, such as those of tar and borg: Europe/Berlin, UTC",
        Default = "that of this machine", Parse = KeepValues.Zone,
    };

    internal static readonly ValueSetting<long> Tolerance = new()
    {
        Name = "--tolerance", ValueName = "SECONDS",
        Help = "A file is due if it is newer than what was saved by more than that; 2 for what was kept on FAT or in zip", Default = "0",
        Parse = PlanWords.Seconds,
    };

    internal static readonly ValueSetting<PlanOrder> Order = new()
    {
        Name = "--sort", ValueName = "newest|oldest|name|size", Help = "The order of what is due; the newest or the oldest first, by canonical name, or "
            + "by size, the largest first", Default = "newest", Words = PlanWords.Orders, Parse = PlanWords.Order,
    };

    internal static readonly ValueSetting<long> Budget = new()
    {
        Name = "--budget", ValueName = "SIZE", Help = "List files of so many bytes at most, in the order (500M, 25G)", Parse = Numbers.Size,
    };

    internal static readonly ValueSetting<long> Volumes = new()
    {
        Name = "--volumes", ValueName = "SIZE", Help = "Write as many lists as it takes, FILE.1 and so on, each of files of so many bytes at most",
        Parse = Numbers.Size,
    };

    internal static readonly FlagSetting KeepTogether = new()
    {
        Name = "--keep-together", Help = "List a directory's files one after the other, and put them into one volume if they fit",
    };

    internal static readonly ValueSetting<PlanFormat> Format = new()
    {
        Name = "--format", ValueName = "FORMAT", Default = "plan", Words = PlanWords.Formats, Parse = PlanWords.Format,
        Help = "plan: canonical name, time, actual name, size, time saved, with tabs; due: time, actual name, size; or a list of actual names. All "
            + "there are: " + string.Join(", ", PlanWords.Formats),
    };

    internal static readonly ValueSetting<string> Output = new()
    {
        Name = "--output", ValueName = "FILE", Help = "Where the list goes; a FILE that is there is replaced", Default = "standard output",
        Completes = Completes.Files, Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> Duplicates = new()
    {
        Name = "--duplicates", ValueName = "FILE", Completes = Completes.Files, Parse = Texts.NotEmpty,
        Help = "Where files are listed whose canonical name a newer file has",
    };

    internal static readonly CommandSpec Command = new()
    {
        Path = "plan",
        Help = "Say what to save now: join what is there with what was already saved, and list the files that were never saved or are newer than "
            + "what was, the newest first. Rules leave out what they match by its actual or its canonical name.",
        Examples =
        [
            "varve plan --live ~/Documents --saved-snapshot latest", "varve plan --live /srv --saved archive.list --format names0 | tar --null -T - -cf new.tar",
            "varve plan --listed laptop.list --listed disk.list --map 1:/home=/laptop --saved zpaq.txt --budget 25G --output due",
        ],
        Settings =
        [
            Live, Lists, ListSettings.AppliedFormat, Map, Saved, SavedSnapshot, SavedFormats, SavedMap, SavedZone, ListSettings.SkipBadLines,
            Tolerance, Order, Budget, Volumes, KeepTogether, Format, Output, Duplicates, .. BackupSettings.OfWalks,
            SourceSettings.Source, SourceSettings.HostOfLatest, SourceSettings.Writer, HistorySettings.TagsOfLatest,
        ],
    };
}
