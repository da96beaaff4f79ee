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

    /// <summary>Files whose namespace is missing, not file-scoped, or not that of the folder; of the library's public types, not <c>Varve</c>.</summary>
    public static IEnumerable<Violation> Namespace(IEnumerable<SourceFile> files)
    {
        foreach (SourceFile file in files)
        {
            if (Layout.TopLevelStatements.ContainsKey(file.Path)) { continue; }
            // The API has one namespace wherever its types lie, so that moving them between rooms breaks no program.
            string expected = file.IsLibrary && PublicType().IsMatch(file.Code) ? "Varve" : ExpectedNamespace(file.Path);
            MatchCollection found = NamespaceLine().Matches(file.Code);
            if (found.Count == 0 && file.TopLevelTypes.Count == 0) { continue; } // attributes only
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

    // src/Varve/Pack/X.cs -> Varve.Pack: the path without its first and last part.
    private static string ExpectedNamespace(string path)
    {
        string[] parts = path.Split('/');
        return string.Join('.', parts[1..^1]);
    }

    [GeneratedRegex(@"^public\s", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"\bnamespace\s+(?<name>[\w.]+)\s*(?<end>[;{])")]
    private static partial Regex NamespaceLine();
}
