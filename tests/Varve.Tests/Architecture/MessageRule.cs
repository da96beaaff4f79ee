using System.Text.RegularExpressions;

namespace Varve.Tests.Architecture;

/// <summary>
/// Errors carry facts: no code decides by the words of a message, and the library's words name no command, option or variable of the
/// program that uses it. A lexer's view: what is read from <c>Message</c> into a variable and tested there is not seen.
/// </summary>
internal static partial class MessageRule
{
    /// <summary>Tests and cuts of a message: a comparison, a search, a part of it, a pattern.</summary>
    public static IEnumerable<Violation> Decisions(IEnumerable<SourceFile> files) =>
        from file in files
        from Match match in Decision().Matches(file.Code)
        select file.At(match.Index, $"'{match.Value.Trim()}': decide by kind, subject or advice");

    /// <summary>
    /// Strings of the library that speak of the command line. Files that run programs pass options to them, each a string of its own.
    /// </summary>
    public static IEnumerable<Violation> CommandLine(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsLibrary
        let literals = Literals(file)
        from Match match in Word().Matches(literals)
        where !IsArgument(file, literals, match) && !IsVariableThatIsRead(file, match)
        && !Layout.Spellings.Contains((file.Path, match.Value))
        select file.At(match.Index, $"'{match.Value}' in a string: give an advice");

    /// <summary>Contents of strings where they stand; everything else as line ends, spaces as they are.</summary>
    internal static string Literals(SourceFile file)
    {
        char[] text = file.WithLiterals.ToCharArray();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == file.Code[i] && text[i] != ' ') { text[i] = '\n'; }
        }

        return new string(text);
    }

    private static bool IsArgument(SourceFile file, string literals, Match match) =>
        file.Folder == "Freeze" && match.Value.StartsWith("--", StringComparison.Ordinal)
        && literals[match.Index - 1] == '"' && literals[match.Index + match.Length] == '"';

    private static bool IsVariableThatIsRead(SourceFile file, Match match) =>
        match.Value.StartsWith("VARVE_", StringComparison.Ordinal)
        && file.Code.Contains("Environment.GetEnvironmentVariable", StringComparison.Ordinal);

    [GeneratedRegex(@"\.\s*Message\s*(?:\.\s*(?:StartsWith|EndsWith|Contains|IndexOf|LastIndexOf|Equals|CompareTo|Substring|Split|Remove|AsSpan)\b|\[|==|!=|\bis\b)|\bRegex\s*\.\s*\w+\(\s*[\w.]*\.Message\b")]
    private static partial Regex Decision();

    [GeneratedRegex(@"--[a-z][a-z-]*|\bvarve [a-z]+|\bVARVE_\w+")]
    private static partial Regex Word();
}
