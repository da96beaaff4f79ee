using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary>
/// The commands that show what there is: <c>snapshots</c>, <c>ls</c>, <c>failures</c>, <c>unstable</c>, <c>sql</c>.
/// </summary>
internal static class HistorySettings
{
    /// <summary>How a snapshot is named, in the help of what names one.</summary>
    internal const string Naming = "'latest', the first digits of a snapshot's name, either with ~N for the Nth before it, "
        + "or @TIME for the last that began by then";

    internal static readonly Positional Snapshot = new()
    {
        Name = "SNAPSHOT[:PATH]", Help = Naming + "; an absolute PATH alone is of the latest",
        Default = "latest", Presence = Presence.Optional, Completes = Completes.SnapshotPaths,
    };

    internal static readonly Positional FailuresOf = new()
    {
        Name = "SNAPSHOT[:PATH]", Help = Naming + ", and which part of it; an absolute PATH alone is of the latest",
        Default = "latest", Presence = Presence.Optional, Completes = Completes.SnapshotPaths,
    };

    internal static readonly ValueSetting<string> At = new()
    {
        Name = "--at", ValueName = "TIME",
        Help = "The last snapshot that began by then, of the source that PATH lies in: " + Moments.Forms,
        Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> Tags = new()
    {
        Name = "--tag", ValueName = "TAG", Help = "Only those with this tag", IsRepeated = true, Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> TagsOfLatest = new()
    {
        Name = "--tag", ValueName = "TAG", Help = "'latest' is the last with this tag, and ~N counts such ones", IsRepeated = true,
        Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<int> Last = new()
    {
        Name = "--last", ValueName = "N", Help = "Only the last N of each source", Parse = Numbers.Whole(1, int.MaxValue),
    };

    internal static readonly ValueSetting<string> Since = new()
    {
        Name = "--since", ValueName = "TIME", Help = "Only those that began later: " + Moments.Forms, Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> Until = new()
    {
        Name = "--until", ValueName = "TIME", Help = "Only those that had begun by then", Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<byte[]> Path = new()
    {
        Name = "--path", ValueName = "PATH", Help = "Only those of a tree that is, or has, this path, whether or not it was there",
        Parse = Texts.FullBytes, Completes = Completes.Files,
    };

    internal static readonly ValueSetting<SortOrder> Order = new()
    {
        Name = "--sort", ValueName = "name|size|time", Help = "By the names of sources, then hosts; the largest first; or the oldest first",
        Default = "time", Words = SortOrders.Words, Parse = SortOrders.Parse,
    };

    internal static readonly ValueSetting<SortOrder> EntryOrder = new()
    {
        Name = "--sort", ValueName = "name|size|time", Help = "By name, the largest first, or what was modified last first",
        Default = "name", Words = SortOrders.Words, Parse = SortOrders.Parse,
    };

    internal static readonly FlagSetting Sums = new()
    {
        Name = "--sums", Help = "Of directories the bytes of all files in them and below",
    };

    internal static readonly FlagSetting Long = new() { Name = "--long", Alias = "-l", Help = "Mode, owner, group, size and time too" };

    internal static readonly FlagSetting Recursive = new() { Name = "--recursive", Alias = "-R", Help = "Everything below too" };

    internal static readonly FlagSetting Null = new()
    {
        Name = "--null", Alias = "-0",
        Help = "Print only paths, as raw bytes, each ended by NUL"
    };

    internal static readonly FlagSetting LeftOut = new()
    {
        Name = "--left-out", Help = "What was left out on purpose too: by which rule, or as another file system",
    };

    internal static readonly FlagSetting Pending = new()
    {
        Name = "--pending", Help = "Instead: what a partial snapshot left for the next, the newest first (10,000 files at most)",
    };

    internal static readonly Positional Query = new() { Name = "QUERY", Help = "One SQL statement that reads" };

    internal static readonly CommandSpec Snapshots = new()
    {
        Path = "snapshots", Help = "List the snapshots, oldest first.",
        Examples = ["varve snapshots --source Documents", "varve snapshots --tag nightly --last 3",
            "varve snapshots --path ~/Documents/report.odt --since '2 weeks ago'"],
        Settings = [SourceSettings.Source, SourceSettings.Host, SourceSettings.Writer, Tags, Since, Until, Path, Last, Order],
    };

    internal static readonly CommandSpec List = new()
    {
        Path = "ls",
        Help = "List a directory of a snapshot. PATH is absolute, or relative to the root of the source.",
        Examples = ["varve ls --long /home/me/Documents", "varve ls -R 3fa2b1c4", "varve ls --sums --sort size latest:/home/me", "varve ls '@3 weeks ago:/home/me'"],
        Arguments = [Snapshot],
        Settings = [Long, Recursive, EntryOrder, Sums, Null, Pending, RestoreSettings.NoLimits, At,
            SourceSettings.Source, SourceSettings.HostOfLatest, SourceSettings.Writer, TagsOfLatest],
    };

    internal static readonly CommandSpec Failures = new()
    {
        Path = "failures",
        Help = "List what a snapshot lacks, or has only in part, because it could not be saved, and why. "
            + "What is listed is not known to be gone; earlier snapshots may have it.",
        Examples =
        [
            "varve failures", "varve failures latest --source Documents", "varve failures latest:src --left-out",
            "varve failures 3fa2b1c4 --json",
        ],
        Arguments = [FailuresOf],
        Settings = [LeftOut, At, SourceSettings.Source, SourceSettings.HostOfLatest, SourceSettings.Writer, TagsOfLatest],
    };

    internal static readonly CommandSpec Unstable = new()
    {
        Path = "unstable",
        Help = "List the files that were not seen to hold still while they were backed up. The next backup of their source copies them before anything else.",
        Examples = ["varve unstable", "varve unstable --source Documents"],
        Settings = [SourceSettings.Source, SourceSettings.Host, SourceSettings.Writer],
    };

    internal static readonly CommandSpec Sql = new()
    {
        Path = "sql",
        Help = "Query the catalog, read-only. There are the views snapshots, directories, files, failures and moves. "
            + "Columns are separated by tabs.",
        Examples =
        [
            "varve sql \"select source, count(*), max(started) from snapshots group by 1\"",
            "varve sql \"select path, size from files where size > 1e9\" --json",
        ],
        Arguments = [Query],
    };
}
