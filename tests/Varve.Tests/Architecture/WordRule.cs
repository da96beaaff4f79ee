using System.Text.RegularExpressions;

namespace Varve.Tests.Architecture;

/// <summary>Words that have no place: the console and the wall clock in code, left-over notes anywhere.</summary>
internal static partial class WordRule
{
    /// <summary>Uses of the console in the library, which reports through its results.</summary>
    public static IEnumerable<Violation> Console(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsLibrary
        from Match match in ConsoleWord().Matches(file.Code)
        select file.At(match.Index, "the library uses the console");

    /// <summary>Readings of the wall clock other than through a TimeProvider.</summary>
    public static IEnumerable<Violation> Clock(IEnumerable<SourceFile> files) =>
        from file in files
        from Match match in ClockWord().Matches(file.Code)
        select file.At(match.Index, $"'{match.Value}': inject a TimeProvider");

    /// <summary>
    /// What the library asks the system about its surroundings: host, user, processors, environment. Which process and thread it is and how
    /// long the machine runs are none.
    /// </summary>
    public static IEnumerable<Violation> Ambient(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsLibrary && !Layout.Ambient.ContainsKey(file.Path)
        from Match match in AmbientWord().Matches(file.Code)
        select file.At(match.Index, $"'{match.Value}': take it from the repository's HostEnvironment");

    /// <summary>Notes of unfinished work, comments included.</summary>
    public static IEnumerable<Violation> Unfinished(IEnumerable<SourceFile> files) =>
        from file in files
        from Match match in UnfinishedWord().Matches(file.Text)
        select file.At(match.Index, $"'{match.Value}'");

    /// <summary>
    /// Integers of 128 bits: code with one in it, or in a struct that it takes, is not compiled ahead, and each start compiles it.
    /// </summary>
    public static IEnumerable<Violation> Wide(IEnumerable<SourceFile> files) =>
        from file in files
        where !Layout.Wide.ContainsKey(file.Path)
        from Match match in WideWord().Matches(file.Code)
        select file.At(match.Index, $"'{match.Value}' is not compiled ahead");

    [GeneratedRegex(@"\bConsole\b")]
    private static partial Regex ConsoleWord();

    [GeneratedRegex(@"\bDateTime(?:Offset)?\s*\.\s*(?:Utc)?Now\b|\bDateTime\s*\.\s*Today\b")]
    private static partial Regex ClockWord();

    [GeneratedRegex(@"\bEnvironment\s*\.\s*(?!ProcessId\b|TickCount64\b|CurrentManagedThreadId\b)\w+|\b(?:GetCurrentDirectory|GetHostName|GetTempPath|GetTempFileName)\b")]
    private static partial Regex AmbientWord();

    [GeneratedRegex(@"\bU?Int128\b")]
    private static partial Regex WideWord();

    [GeneratedRegex(@"\b(?:TODO|FIXME|HACK|NotImplementedException)\b")]
    private static partial Regex UnfinishedWord();
}
