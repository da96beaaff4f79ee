using System.Text.RegularExpressions;

namespace Varve.Tests.Architecture;

/// <summary>One type per file, in a file-scoped namespace named as the folder, in a file of bearable length.</summary>
internal static partial class ShapeRule
{
    /// <summary>Files with more than one top-level type.</summary>
    public static IEnumerable<Violation> OneType(IEnumerable<SourceFile> files) =>
        from file in files
        where file.TopLevelTypes.Count > 1
        select file.At(0, "more than one top-level type: " + string.Join(", ", file.TopLevelTypes));

    /// <summary>
    /// Files whose namespace is missing, not file-scoped, or not that of the folder; of the library's public types, not <c>Varve</c>.
    /// </summary>
    public static IEnumerable<Violation> Namespace(IEnumerable<SourceFile> files)
    {
        foreach (SourceFile file in files)
        {
            // The API has one namespace wherever its types lie, so that moving them between rooms breaks no program.
            string expected = file.IsLibrary && PublicType().IsMatch(file.Code) ? "Varve" : ExpectedNamespace(file.Path);
            MatchCollection found = NamespaceLine().Matches(file.Code);
            if (found.Count == 0 && file.TopLevelTypes.Count == 0) { continue; } // attributes, or the statements of a program
            if (found.Count != 1 || found[0].Groups["end"].Value != ";" || found[0].Groups["name"].Value != expected)
            {
                yield return file.At(0, $"does not say 'namespace {expected};'");
            }
        }
    }

    /// <summary>Files longer than the layout allows.</summary>
    public static IEnumerable<Violation> Length(IEnumerable<SourceFile> files) =>
        from file in files
        let lines = file.Text.AsSpan().Count('\n')
        where lines > Layout.MostLines
        select file.At(0, $"{lines} lines; {Layout.MostLines} are the most");

    /// <summary>
    /// Lines of more columns than <c>.editorconfig</c> allows, unless all that hangs over is the text of a literal, as in a statement of
    /// SQL or a regular expression, and what closes it.
    /// </summary>
    public static IEnumerable<Violation> Columns(IEnumerable<SourceFile> files)
    {
        foreach (SourceFile file in files)
        {
            string[] lines = file.Text.Split('\n'), code = file.Code.Split('\n');
            for (int i = 0; i < lines.Length; i++)
            {
                if (lines[i].Length <= Layout.MostColumns) { continue; }
                bool comment = lines[i].Contains("//", StringComparison.Ordinal) && !code[i].Contains('"', StringComparison.Ordinal);
                if (comment || code[i].AsSpan(Math.Min(code[i].Length, Layout.MostColumns)).ContainsAnyExcept(" \"()[]{};,"))
                {
                    yield return new Violation(file.Path, i + 1, $"{lines[i].Length} columns; {Layout.MostColumns} are the most");
                }
            }
        }
    }

    /// <summary>
    /// Blocks of <c>if</c>, loops and the like that do not keep the one habit: a block of one simple statement stands on the line of its
    /// head if there is room and no comment in it; of several statements each has a line of its own.
    /// </summary>
    public static IEnumerable<Violation> Braces(IEnumerable<SourceFile> files)
    {
        foreach (SourceFile file in files)
        {
            string[] lines = file.Text.Split('\n'), code = file.Code.Split('\n');
            for (int i = 0; i < lines.Length; i++)
            {
                if (Crowded().IsMatch(code[i]))
                {
                    yield return new Violation(file.Path, i + 1, "several statements on the line of their head");
                }
                if (i + 3 >= lines.Length || !Head().IsMatch(code[i]) || lines[i + 1].Trim() != "{" || lines[i + 3].Trim() != "}")
                {
                    continue;
                }
                string statement = lines[i + 2].Trim();
                bool simple = statement.EndsWith(';') && statement.Length == code[i + 2].Trim().Length && !Control().IsMatch(statement);
                if (simple && lines[i].Length + statement.Length + " {  }".Length <= Layout.MostColumns)
                {
                    yield return new Violation(file.Path, i + 1, "a block of one statement that has room on the line of its head");
                }
            }
        }
    }

    // src/Varve/Pack/X.cs -> Varve.Pack: the path without its first and last part.
    private static string ExpectedNamespace(string path)
    {
        string[] parts = path.Split('/');
        return string.Join('.', parts[1..^1]);
    }

    [GeneratedRegex(@"^\s*(?:(?:else )?(?:if|for|foreach|while|using|lock|fixed|catch) \((?>[^()]|(?<o>\()|(?<-o>\)))*(?(o)(?!))\)(?: when .*\))?|else|try|finally|catch)$")]
    private static partial Regex Head();

    [GeneratedRegex(@"^(?:if|for|foreach|while|using \(|lock|fixed|try|switch|do)\b")]
    private static partial Regex Control();

    [GeneratedRegex(@"^\s*(?:(?:else )?(?:if|foreach|while|using|lock|fixed|catch) \(.*\)|else|try|finally|catch) \{ [^{};]+;[^{};]+; \}")]
    private static partial Regex Crowded();

    [GeneratedRegex(@"^public\s", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"\bnamespace\s+(?<name>[\w.]+)\s*(?<end>[;{])")]
    private static partial Regex NamespaceLine();
}
