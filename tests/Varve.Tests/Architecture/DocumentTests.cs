namespace Varve.Tests.Architecture;

/// <summary>The rule for documents, on the repository's own and on texts that break it.</summary>
public sealed class DocumentTests
{
    private static readonly string s_root = SourceTree.Root();

    [Fact]
    public void Documents_name_no_file_that_does_not_exist()
    {
        string[] documents = [.. DocumentRule.Documents(s_root)];
        Assert.Contains("README.md", documents);
        Assert.Contains("docs/format.md", documents);
        Assert.Empty(documents.SelectMany(static d => DocumentRule.Missing(s_root, d, File.ReadAllText(Path.Combine(s_root, d)))));
    }

    [Fact]
    public void Lines_that_users_read_have_at_most_120_characters()
    {
        string[] documents = [.. DocumentRule.Documents(s_root)
            .Where(static d => d == "README.md" || d.StartsWith("docs/manual", StringComparison.Ordinal))];
        Assert.InRange(documents.Length, 2, 9);
        Assert.Empty(from document in documents
                     from line in DocumentRule.Prose(File.ReadAllLines(Path.Combine(s_root, document)), fences: document == "README.md")
                     where line.Text.Length > 120
                     select $"{document}:{line.Number}; 'eng/wrap {document}' wraps prose");
    }

    [Fact]
    public void The_readme_speaks_of_no_issue_and_of_nothing_inside()
    {
        string readme = File.ReadAllText(Path.Combine(s_root, "README.md"));
        Assert.All((string[])["issue", "src/", "namespace", "SQLite", "decision"],
            word => Assert.DoesNotContain(word, readme, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("[gone](gone.md)", 1)]
    [InlineData("[there](format.md#6-packs) and [elsewhere](https://example.org/gone.md)", 0)]
    [InlineData("`Tree/Gone.cs` and `docs/gone`", 2)]
    [InlineData("`docs/format.md`, `packs/<name>`, `and/or`, `~/.config/varve/config.json`", 0)]
    [InlineData("```\ncat `docs/gone.md`\n```\n", 0)]
    public void What_is_missing_is_found(string text, int missing) =>
        Assert.Equal(missing, DocumentRule.Missing(s_root, "docs/some.md", text).Count());
}
