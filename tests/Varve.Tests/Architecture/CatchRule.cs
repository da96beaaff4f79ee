using System.Text.RegularExpressions;

namespace Varve.Tests.Architecture;

/// <summary>
/// Nobody swallows what he does not know. A catch of every exception needs a filter, a rethrow in its block, a
/// <c>#pragma warning disable CA1031 // reason</c> on the line before, or its file among the layout's edges.
/// </summary>
internal static partial class CatchRule
{
    /// <summary>Every catch-all without one of these.</summary>
    public static IEnumerable<Violation> Check(IEnumerable<SourceFile> files) =>
        from file in files
        where !Layout.CatchEdges.ContainsKey(file.Path)
        from Match match in CatchAll().Matches(file.Code)
        where !Rethrows(file.Code, match.Index + match.Length) && !Justified(file.Text, match.Index)
        select file.At(match.Index, "catches everything without filter, rethrow or reason");

    private static bool Rethrows(string code, int afterBrace)
    {
        int depth = 1, end = afterBrace;
        for (; end < code.Length && depth > 0; end++)
        {
            if (code[end] == '{') { depth++; }
            if (code[end] == '}') { depth--; }
        }

        return Rethrow().IsMatch(code[afterBrace..end]);
    }

    private static bool Justified(string text, int at)
    {
        int line = text.LastIndexOf('\n', at);
        if (line <= 0) { return false; }
        int before = text.LastIndexOf('\n', line - 1) + 1;
        return Pragma().IsMatch(text[before..line]);
    }

    [GeneratedRegex(@"\bcatch\s*(?:\(\s*(?:System\s*\.\s*)?Exception(?:\s+\w+)?\s*\)\s*)?\{")]
    private static partial Regex CatchAll();

    [GeneratedRegex(@"\bthrow\s*;")]
    private static partial Regex Rethrow();

    [GeneratedRegex(@"#pragma\s+warning\s+disable\s+.*\bCA1031\b.*//\s*\S+")]
    private static partial Regex Pragma();
}
