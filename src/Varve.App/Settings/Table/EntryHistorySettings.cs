using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary><c>varve history</c> and <c>varve why</c>.</summary>
internal static class EntryHistorySettings
{
    internal static readonly Positional Path = new()
    {
        Name = "PATH", Help = "Absolute, relative to the root of the source, or, if it begins with ./, from here; it need not exist any more",
        Completes = Completes.Paths,
    };

    internal static readonly FlagSetting Content = new()
    {
        Name = "--content", Help = "Only revisions whose content is another than that of the one before",
    };

    internal static readonly FlagSetting Copies = new()
    {
        Name = "--copies", Help = "Also what else has, or had, the content of one of them, in the sources that are searched",
    };

    internal static readonly CommandSpec Command = new()
    {
        Path = "history",
        Help = "Show every revision of a file or directory: from when to when, what changed, and how to name it. "
            + "It is followed across renames, and across moves of the directories above it.",
        Examples = ["varve history ~/Documents/report.odt", "varve history letters/babbage.txt --content --source Documents"],
        Arguments = [Path],
        Settings = [Content, Copies, SourceSettings.Source, SourceSettings.Host, SourceSettings.Writer],
    };

    internal static readonly Positional AskedPaths = new()
    {
        Name = "PATH", Help = "A file or directory; it need not exist any more", Presence = Presence.Any, Completes = Completes.Files,
    };

    internal static readonly CommandSpec Why = new()
    {
        Path = "why",
        Help = "Say whether PATH is saved, since when it is as it is, and if it is not, why: which rule left it out, or what failed. "
            + "Exit code 1 if what is there now is not saved.",
        Examples = ["varve why ~/Documents/report.odt", "varve why build/ .cache", "varve why --json /srv/data/disk.img"],
        Arguments = [AskedPaths],
        Settings = [SourceSettings.Source, SourceSettings.Host, SourceSettings.Writer],
    };
}
