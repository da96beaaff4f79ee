using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary><c>varve diff</c>.</summary>
internal static class DiffSettings
{
    internal static readonly Positional Before = new()
    {
        Name = "SNAPSHOT", Help = HistorySettings.Naming, Completes = Completes.SnapshotPaths,
    };

    internal static readonly Positional After = new()
    {
        Name = "SNAPSHOT2", Help = "The one it is compared with, named likewise", Default = "the files as they are now",
        Presence = Presence.Optional, Completes = Completes.SnapshotPaths,
    };

    internal static readonly Positional Path = new()
    {
        Name = "PATH", Help = "Only what is there, or below: absolute, relative to the root of the source, or, if it begins with ./, from here",
        Presence = Presence.Optional, Completes = Completes.Paths,
    };

    internal static readonly FlagSetting Totals = new() { Name = "--stat", Help = "Only how many entries differ, and how" };

    internal static readonly ValueSetting<byte[]> With = new()
    {
        Name = "--with", ValueName = "DIR", Help = "Compare with the files there, which stand for what is named of SNAPSHOT",
        Default = "where the snapshot was made", Parse = Texts.FullBytes, Completes = Completes.Directories,
    };

    internal static readonly FlagSetting Content = new()
    {
        Name = "--content", Help = "Read the files of now and compare them byte by byte, also where size and time are the same",
    };

    internal static readonly CommandSpec Command = new()
    {
        Path = "diff",
        Help = "Show what is not the same in two snapshots, or in a snapshot and the files as they are now: new (+), changed (M), changed in its metadata (m), moved (>), gone (-), "
            + "or lacking because it could not be saved (!) or is still to come (?). What came with a directory that was moved is not named again.",
        Examples = ["varve diff latest~1 latest", "varve diff latest", "varve diff @yesterday latest ~/Documents", "varve diff 3fa2b1c4 latest --stat --json"],
        Arguments = [Before, After, Path],
        Settings = [Totals, With, Content, SourceSettings.Source, SourceSettings.HostOfLatest, SourceSettings.Writer,
            HistorySettings.TagsOfLatest],
    };
}
