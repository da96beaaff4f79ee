using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary><c>varve log</c>.</summary>
internal static class LogSettings
{
    internal static readonly Positional Of = new()
    {
        Name = "SNAPSHOT[:PATH]", Help = HistorySettings.Naming + ", and which part of it: what the backup saw that made it",
        Default = "all backups", Presence = Presence.Optional, Completes = Completes.SnapshotPaths,
    };

    internal static readonly ValueSetting<LogKind> Kind = new()
    {
        Name = "--kind", ValueName = "KIND", Help = "Only what was new, changed, metadata, moved, gone, failed, pending, torn or left-out",
        IsRepeated = true, Words = LogKinds.Words, Parse = LogKinds.Parse,
    };

    internal static readonly ValueSetting<byte[]> Path = new()
    {
        Name = "--path", ValueName = "PATH", Help = "Only what is at or below this path", Parse = Texts.FullBytes,
        Completes = Completes.Files,
    };

    internal static readonly ValueSetting<int> Last = new()
    {
        Name = "--last", ValueName = "N", Help = "Only the last N backups", Parse = Numbers.Whole(1, int.MaxValue),
    };

    internal static readonly CommandSpec Command = new()
    {
        Path = "log",
        Help = "Show the backups, the last first, and what each did; or what one of them saw: new (+), changed (M), changed in its metadata (m), moved (>), "
            + "gone (-), not saved (!), still to come (?), or left out on purpose (x). With --path or --kind what all of them saw of that.",
        Examples = ["varve log --last 10", "varve log latest", "varve log --path ~/Documents/report.odt",
            "varve log --since '1 week ago' --kind failed --kind torn"],
        Arguments = [Of],
        Settings = [Kind, Path, HistorySettings.Since, HistorySettings.Until, Last, SourceSettings.Source, SourceSettings.Host,
            SourceSettings.Writer],
    };
}
