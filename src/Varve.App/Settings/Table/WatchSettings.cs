using Varve.App.Settings.Daemon;
using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary>
/// What the daemon protects, and when: <c>varve add</c>, <c>list</c> and <c>remove</c>. What a source may say of it in the configuration
/// has a key.
/// </summary>
internal static class WatchSettings
{
    internal static readonly Positional Paths = new()
    {
        Name = "PATH", Help = "Directories or files; each becomes a source", Presence = Presence.Any, Completes = Completes.Files,
    };

    internal static readonly Positional Which = new()
    {
        Name = "NAME", Help = "A name on the list, or a path that is on it", Completes = Completes.Files,
    };

    internal static readonly ValueSetting<string> Name = new()
    {
        Name = "--name", ValueName = "NAME", Help = "What the source is called", Default = "the last part of PATH", Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<TimeSpan> Every = new()
    {
        Name = "--every", ValueName = "DURATION", Help = "How often: 15m, 1h30m, 7d", Default = "1h", Key = "every", Parse = Spans.Parse,
    };

    internal static readonly ValueSetting<string> Cron = new()
    {
        Name = "--cron", ValueName = "EXPRESSION", Key = "cron",
        Help = "When, instead: minute, hour, day, month and day of the week, as '0 3 * * *'; or @hourly, @daily, @weekly, @monthly, @yearly",
        Parse = CronText.Parse,
    };

    internal static readonly ValueSetting<TimeWindow> Window = new()
    {
        Name = "--window", ValueName = "FROM-TO", Help = "The time of day in which a run may begin: 22:00-06:00", Key = "window",
        Parse = TimeWindow.Parse,
    };

    internal static readonly FlagSetting Continuous = new()
    {
        Name = "--continuous", Key = "continuous",
        Help = "Back it up when something in it has changed, too, and look only there; everything is looked at by --every or --cron",
    };

    internal static readonly ValueSetting<TimeSpan> Settle = new()
    {
        Name = "--settle", ValueName = "DURATION", Help = "With --continuous: once nothing has changed for so long", Default = "30s",
        Key = "settle", Parse = Spans.Parse,
    };

    internal static readonly ValueSetting<TimeSpan> AtMost = new()
    {
        Name = "--at-most", ValueName = "1/DURATION", Default = "1/10m", Key = "at-most", Parse = Spans.ParseRate,
        Help = "With --continuous: once in so long at most, and no later while it goes on changing",
    };

    internal static readonly ValueSetting<string> To = new()
    {
        Name = "--to", ValueName = "REPOSITORY", Help = "The repository: a name in the configuration, or a directory", Key = "to",
        Default = "the one that backup uses", Completes = Completes.Directories, Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> Archive = new()
    {
        Name = "--archive", ValueName = "DIR", Key = "archive",
        Help = "Instead of backups, dated archives in DIR/NAME: a new one when something has changed",
        Completes = Completes.Directories, Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<int> Keep = new()
    {
        Name = "--keep", ValueName = "N", Help = "With --archive: keep the last N archives only", Key = "keep", Default = "all",
        Range = 1..1_000_000, Parse = Numbers.Whole(1, 1_000_000),
    };

    internal static readonly ValueSetting<TimeSpan> AlertAfter = new()
    {
        Name = "--alert-after", ValueName = "DURATION", Key = "alert-after", Parse = Spans.Parse,
        Help = "Have status say, and people told, when the last good backup is older than that: 2d",
        Default = "as the configuration says for all",
    };

    /// <summary>When something is done: of a source, for all, or of what the daemon does besides.</summary>
    internal static readonly IReadOnlyList<Setting> Schedule = [Every, Cron, Window];

    /// <summary>Whether a source is backed up when it changes.</summary>
    internal static readonly IReadOnlyList<Setting> Continuity = [Continuous, Settle, AtMost];

    /// <summary>Where a source goes to.</summary>
    internal static readonly IReadOnlyList<Setting> Targets = [To, Archive, Keep];

    internal static readonly CommandSpec Add = new()
    {
        Path = "add",
        Help = "Have the daemon protect each PATH from now on. Whoever adds a PATH again changes what was said of it.",
        Examples =
        [
            "varve add ~/Documents", "varve add ~/Documents --every 15m --to /mnt/disk/backup --alert-after 2d",
            "varve add /srv --continuous --every 1d", "varve add /etc --name machine --cron '0 3 * * *'",
            "varve add ~/letters --archive /mnt/disk/archives --keep 30",
        ],
        Arguments = [Paths],
        Settings = [Name, .. Schedule, .. Continuity, .. Targets, AlertAfter, DaemonSettings.StateDirectory],
    };

    internal static readonly CommandSpec List = new()
    {
        Path = "list",
        Help = "List what the daemon protects: its path, what was last saved of it, and when it is looked at next.",
        Examples = ["varve list", "varve list --json"],
        Settings = [DaemonSettings.StateDirectory],
    };

    internal static readonly CommandSpec Remove = new()
    {
        Path = "remove",
        Help = "Have the daemon protect it no longer. What was saved of it stays.",
        Examples = ["varve remove Documents", "varve remove ~/Documents"],
        Arguments = [Which],
        Settings = [DaemonSettings.StateDirectory],
    };
}
