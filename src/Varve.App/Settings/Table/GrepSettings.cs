using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary><c>varve grep</c>.</summary>
internal static class GrepSettings
{
    internal static readonly Positional Text = new() { Name = "TEXT", Help = "What a line has to have" };

    internal static readonly Positional Path = new()
    {
        Name = "PATH", Help = "The file: absolute, relative to the root of the source, or, if it begins with ./, from here; "
            + "it need not exist any more",
        Completes = Completes.Paths,
    };

    internal static readonly FlagSetting IgnoreCase = new()
    {
        Name = "--ignore-case", Alias = "-i", Help = "Upper and lower case are the same",
    };

    internal static readonly FlagSetting Regex = new()
    {
        Name = "--regex", Alias = "-E", Help = "TEXT is a regular expression",
    };

    internal static readonly CommandSpec Command = new()
    {
        Path = "grep",
        Help = "Show the lines that have TEXT, in every content that a file has, or had. It is followed across renames and moves. "
            + "Exit code 1 if no line has it.",
        Examples = ["varve grep invoice ~/Documents/letters.txt", "varve grep -iE 'invoice [0-9]+' letters.txt --source Documents"],
        Arguments = [Text, Path],
        Settings = [IgnoreCase, Regex, SourceSettings.Source, SourceSettings.Host, SourceSettings.Writer],
    };
}
