using System.Text.RegularExpressions;

namespace Varve.Tests.Architecture;

/// <summary>Documents name no file that does not exist: neither in links nor between backticks.</summary>
internal static partial class DocumentRule
{
    /// <summary>Where a path between backticks may be meant from, besides its document's own folder.</summary>
    private static readonly string[] s_places = ["", "docs", "src/Varve", "src/Varve.App", "tests/Varve.Tests", "bench"];

    /// <summary>The documents below a root, as paths relative to it.</summary>
    internal static IEnumerable<string> Documents(string root) =>
        Directory.EnumerateFiles(root, "*.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Path.Combine(root, "src"), "*.md", SearchOption.AllDirectories))
            .Where(static p => !p.Contains("/obj/", StringComparison.Ordinal))
            .Select(p => Path.GetRelativePath(root, p));

    /// <summary>What a document with this text, at this path below the root, names and is not there.</summary>
    internal static IEnumerable<string> Missing(string root, string document, string text)
    {
        string prose = Fence().Replace(text, "");
        string folder = Path.GetDirectoryName(document)!;
        foreach (Match link in Link().Matches(prose))
        {
            string target = link.Groups[1].Value;
            bool isLocal = !target.Contains("://", StringComparison.Ordinal);
            if (isLocal && !Exists(root, folder, target)) { yield return $"{document}: a link to {target}"; }
        }

        foreach (Match quoted in Quoted().Matches(prose))
        {
            string path = quoted.Groups[1].Value;
            if (IsPath(root, path) && !s_places.Append(folder).Any(p => Exists(root, p, path))) { yield return $"{document}: {path}"; }
        }
    }

    /// <summary>
    /// The lines of a document with their numbers; those between fences, which may be what a program printed, if they are wanted.
    /// </summary>
    internal static IEnumerable<(string Text, int Number)> Prose(IReadOnlyList<string> lines, bool fences)
    {
        bool fenced = false;
        for (int i = 0; i < lines.Count; i++)
        {
            fenced ^= lines[i].StartsWith("```", StringComparison.Ordinal);
            if (fences || !fenced) { yield return (lines[i], i + 1); }
        }
    }

    /// <summary>Whether a word between backticks is meant as a file: by its ending, or by the folder that it begins with.</summary>
    private static bool IsPath(string root, string word)
    {
        int slash = word.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && (Ending().IsMatch(word) || Directory.Exists(Path.Combine(root, word[..slash])));
    }

    private static bool Exists(string root, string folder, string path) => Path.Exists(Path.Combine(root, folder, path));

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\]\(([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`([^`\s<>*$~|=:@{}()\[\]\\]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\.(cs|md|py|json|props|csproj)$")]
    private static partial Regex Ending();
}
