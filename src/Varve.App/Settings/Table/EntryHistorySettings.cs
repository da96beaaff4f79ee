namespace Varve.App.Settings.Table;

/// <summary><c>varve history</c>.</summary>
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
}
