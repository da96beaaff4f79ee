using Varve.App.Settings.Values;
using Varve.Maintain.Retention;

namespace Varve.App.Settings.Table;

/// <summary><c>forget</c>, <c>pin</c>, <c>unpin</c> and <c>tag</c>; and the rules of what is kept, which a configuration has too.</summary>
internal static class RetentionSettings
{
    internal static readonly ValueSetting<int> Last = Count("--keep-last", "Keep the last N; for N there can be 'unlimited' here and below");
    internal static readonly ValueSetting<int> Hourly = Count("--keep-hourly", "Keep the last of each of the last N hours that have any");
    internal static readonly ValueSetting<int> Daily = Count("--keep-daily", "The same of days");
    internal static readonly ValueSetting<int> Weekly = Count("--keep-weekly", "The same of weeks, which begin on Monday");
    internal static readonly ValueSetting<int> Monthly = Count("--keep-monthly", "The same of months");
    internal static readonly ValueSetting<int> Yearly = Count("--keep-yearly", "The same of years");

    internal static readonly ValueSetting<KeepDuration> Within = Reach("--keep-within",
        "Keep all that are not older than the newest by more than DURATION, such as 14d or 1y6m");
    internal static readonly ValueSetting<KeepDuration> WithinHourly = Reach("--keep-within-hourly", "Of those keep the last of each hour");
    internal static readonly ValueSetting<KeepDuration> WithinDaily = Reach("--keep-within-daily", "The same of each day");
    internal static readonly ValueSetting<KeepDuration> WithinWeekly = Reach("--keep-within-weekly", "The same of each week");
    internal static readonly ValueSetting<KeepDuration> WithinMonthly = Reach("--keep-within-monthly", "The same of each month");
    internal static readonly ValueSetting<KeepDuration> WithinYearly = Reach("--keep-within-yearly", "The same of each year");

    internal static readonly ValueSetting<string> KeepTags = new()
    {
        Name = "--keep-tag", ValueName = "TAG", Key = "keep-tag", Help = "Keep those with this tag", IsRepeated = true,
        Parse = Texts.NotEmpty,
    };

    internal static readonly FlagSetting KeepFirst = new()
    {
        Name = "--keep-first", Key = "keep-first", Help = "Keep the oldest whole one",
    };

    internal static readonly FlagSetting KeepThinned = new()
    {
        Name = "--keep-thinned", Key = "keep-thinned",
        Help = "Keep ever fewer with age, as continuous backups need it: all of the last hour, the last of each hour of a day, of each day of "
            + "a month, of each week of a year, and of each month",
    };

    internal static readonly ValueSetting<TimeZoneInfo> Zone = new()
    {
        Name = "--time-zone", ValueName = "NAME", Key = "time-zone", Help = "Whose calendar tells hours, days and weeks, such as Europe/Berlin",
        Default = "that of this machine", Parse = KeepValues.Zone,
    };

    internal static readonly ValueSetting<Grouping> GroupBy = new()
    {
        Name = "--group-by", ValueName = "WORDS",
        Help = "What the snapshots that a policy counts together have in common besides their key: some of source, host and tags, with commas",
        Default = "lineage: the source as one key recorded it", Parse = KeepValues.Group,
    };

    internal static readonly ValueSetting<string> Damaged = new()
    {
        Name = "--damaged", ValueName = "NAME", Help = "Instead: a snapshot that cannot be read, by the first digits of its name",
        Parse = Texts.NotEmpty,
    };

    internal static readonly FlagSetting DryRun = new() { Name = "--dry-run", Alias = "-n", Help = "Only say what would be done" };

    internal static readonly FlagSetting Stats = new()
    {
        Name = "--stats", Help = "Count how much content only those have that are forgotten",
    };

    internal static readonly FlagSetting AllowEmpty = new()
    {
        Name = "--allow-empty", Help = "A source may lose its last whole snapshot",
    };

    internal static readonly ValueSetting<string> Reason = new()
    {
        Name = "--reason", ValueName = "TEXT", Help = "Why, for the record", Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> PinnedUntil = new()
    {
        Name = "--until", ValueName = "TIME", Help = "Only until then: a date (2027-11-01) or a time", Default = "until it is unpinned",
        Parse = Texts.NotEmpty,
    };

    internal static readonly Positional Snapshots = new()
    {
        Name = "SNAPSHOT", Help = HistorySettings.Naming, Presence = Presence.Any, Completes = Completes.Snapshots,
    };

    internal static readonly Positional Which = new() { Name = "SNAPSHOT", Help = HistorySettings.Naming, Completes = Completes.Snapshots };

    internal static readonly Positional Tags = new() { Name = "TAG", Help = "A word, or several", Presence = Presence.Any };

    /// <summary>Rules by number.</summary>
    internal static readonly IReadOnlyList<(ValueSetting<int> Setting, Period Period)> Counts =
    [
        (Last, Period.Snapshot), (Hourly, Period.Hour), (Daily, Period.Day), (Weekly, Period.Week), (Monthly, Period.Month),
        (Yearly, Period.Year),
    ];

    /// <summary>Rules by age.</summary>
    internal static readonly IReadOnlyList<(ValueSetting<KeepDuration> Setting, Period Period)> Reaches =
    [
        (Within, Period.Snapshot), (WithinHourly, Period.Hour), (WithinDaily, Period.Day), (WithinWeekly, Period.Week),
        (WithinMonthly, Period.Month), (WithinYearly, Period.Year),
    ];

    /// <summary>All that a policy consists of, in the order of help.</summary>
    internal static readonly IReadOnlyList<Setting> Rules =
        [.. Counts.Select(static c => c.Setting), .. Reaches.Select(static r => r.Setting), KeepThinned, KeepTags, KeepFirst, Zone];

    internal static readonly CommandSpec Forget = new()
    {
        Path = "forget",
        Help = "Forget snapshots: all that no rule keeps, or those that are named. Without rules those of the configuration hold, for the sources "
            + "that it names. Pinned ones stay. What only the others had is freed by a prune.",
        Examples = ["varve forget --keep-daily 7 --keep-weekly 4 --keep-monthly 12 --dry-run", "varve forget --keep-within 14d --source Documents",
            "varve forget 3fa2b1c4 --reason 'made by mistake'"],
        Arguments = [Snapshots],
        Settings = [.. Rules, GroupBy, DryRun, Stats, AllowEmpty, Reason, Damaged, SourceSettings.Source, SourceSettings.Host,
            SourceSettings.Writer, HistorySettings.Tags, HistorySettings.Path],
    };

    internal static readonly CommandSpec Pin = new()
    {
        Path = "pin",
        Help = "Pin snapshots: they are not forgotten until then, or until they are unpinned, and no policy counts them.",
        Examples = ["varve pin latest --reason 'before the move'", "varve pin 3fa2b1c4 --until 2027-11-01"],
        Arguments = [Snapshots],
        Settings = [PinnedUntil, Reason, SourceSettings.Source, SourceSettings.HostOfLatest, SourceSettings.Writer],
    };

    internal static readonly CommandSpec Unpin = new()
    {
        Path = "unpin", Help = "Take the pins of snapshots away.", Examples = ["varve unpin 3fa2b1c4"],
        Arguments = [Snapshots],
        Settings = [SourceSettings.Source, SourceSettings.HostOfLatest, SourceSettings.Writer],
    };

    internal static readonly CommandSpec AddTags = Tag("add", "Give a snapshot tags.", "varve tag add latest release");

    internal static readonly CommandSpec RemoveTags = Tag("remove", "Take tags from a snapshot.", "varve tag remove 3fa2b1c4 nightly");

    internal static readonly CommandSpec SetTags = Tag("set", "Give a snapshot these tags, or none, instead of those it has.",
        "varve tag set 3fa2b1c4 release");

    internal static readonly CommandSpec TagCommand = new()
    {
        Path = "tag",
        Help = "Change the tags of a snapshot. The snapshot itself stays as it is: a note says so, for all who use the repository.",
        Examples = ["varve tag add latest release", "varve tag remove 3fa2b1c4 nightly"],
        Commands = [AddTags, RemoveTags, SetTags],
    };

    private static CommandSpec Tag(string word, string help, string example) => new()
    {
        Path = "tag " + word, Help = help, Examples = [example], Arguments = [Which, Tags],
        Settings = [SourceSettings.Source, SourceSettings.HostOfLatest, SourceSettings.Writer],
    };

    private static ValueSetting<int> Count(string name, string help) => new()
    {
        Name = name, ValueName = "N", Key = name[2..], Help = help, Parse = KeepValues.Count,
    };

    private static ValueSetting<KeepDuration> Reach(string name, string help) => new()
    {
        Name = name, ValueName = "DURATION", Key = name[2..], Help = help, Parse = KeepValues.Duration,
    };
}
