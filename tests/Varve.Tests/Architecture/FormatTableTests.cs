using System.Text.Json.Nodes;
using Varve.Tests.Golden;

namespace Varve.Tests.Architecture;

/// <summary>
/// The table of docs/format.md that says what a reader does with what it does not know is what later writers rely on: each row is shown by
/// cases or tests that exist.
/// </summary>
public sealed class FormatTableTests
{
    private const string Title = "### What a reader does with what it does not know";

    [Fact]
    public void Each_row_of_what_a_reader_does_with_what_it_does_not_know_is_shown_and_nothing_else_is()
    {
        List<string> rows = Rows(File.ReadAllText(Path.Combine(SourceTree.Root(), "docs", "format.md")));
        Assert.InRange(rows.Count, 20, 100);
        Assert.Equal(rows.Order(StringComparer.Ordinal), UnknownRows.Shown.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_shows_it_exists()
    {
        HashSet<string> known = [.. SourceTree.All.Where(static f => f.Path.StartsWith("tests/", StringComparison.Ordinal))
            .SelectMany(static f => ImmunityRule.Tests(f.Path, File.ReadAllText(Path.Combine(SourceTree.Root(), f.Path))))];
        JsonObject vectors = VectorTests.Read();
        foreach (string list in (string[])["taken", "refused"])
        {
            known.UnionWith(vectors[list]!.AsArray().Select(c => $"{list} {c!["of"]}: {c["what"]}"));
        }

        Assert.Equal([], UnknownRows.Shown.Values.SelectMany(static s => s).Where(s => !known.Contains(s)));
        Assert.All(UnknownRows.Shown, static row => Assert.NotEmpty(row.Value));
    }

    [Fact]
    public void The_rows_are_the_first_column_below_the_title()
    {
        Assert.Equal(["a", "b `x | y`"], Rows($"| no |\n{Title}\n\n| it meets | it does |\n|---|---|\n| a | c |\n| b `x \\| y` | d |\n\n| no | e |"));
        Assert.Empty(Rows("| a | b |"));
    }

    /// <summary>The first column of the first table below the title.</summary>
    private static List<string> Rows(string text)
    {
        int at = text.IndexOf(Title, StringComparison.Ordinal);
        return at < 0 ? [] : [.. text[at..].Split('\n').Skip(1).SkipWhile(static l => !l.StartsWith('|')).TakeWhile(static l => l.StartsWith('|'))
            .Skip(2).Select(static l => l[2..l.IndexOf(" | ", StringComparison.Ordinal)].Replace("\\|", "|", StringComparison.Ordinal))];
    }
}
