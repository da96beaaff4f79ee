namespace Varve.Tests.Architecture;

/// <summary>What is said of faults that others had (docs/immunity.md) is shown by tests that exist.</summary>
public sealed class ImmunityTests
{
    private static readonly HashSet<string> s_none = [];

    [Fact]
    public void Each_report_is_answered_by_a_test_that_exists_or_by_the_word_that_it_can_happen()
    {
        HashSet<string> tests = [.. SourceTree.All.Where(static f => f.Path.StartsWith("tests/", StringComparison.Ordinal))
            .SelectMany(static f => ImmunityRule.Tests(f.Path, File.ReadAllText(Path.Combine(SourceTree.Root(), f.Path))))];
        Assert.Contains("ImmunityTests.Each_report_is_answered_by_a_test_that_exists_or_by_the_word_that_it_can_happen", tests);
        IReadOnlyList<ImmunityRule.Entry> entries =
            ImmunityRule.Entries(File.ReadAllText(Path.Combine(SourceTree.Root(), "docs", "immunity.md")));
        Assert.Empty(ImmunityRule.Wrong(entries, tests));
        Assert.InRange(entries.Count, 100, int.MaxValue);
    }

    [Theory]
    [InlineData("| a/b#1 | Something was lost for good. | No: `ATests.It_holds` |", 0)]
    [InlineData("| a/b#1 | Something was lost for good. | It can: so it is. |", 0)]
    [InlineData("| a/b#1 | Something was lost for good. | No: `ATests.It_is_gone` |", 1)]
    [InlineData("| a/b#1 | Something was lost for good. | It can: see `ATests.It_is_gone`. |", 1)]
    [InlineData("| a/b#1 | Something was lost for good. | No: it cannot |", 1)]
    [InlineData("| a/b#1 | Lost. | It can: so it is. |", 1)]
    [InlineData("| somebody said | Something was lost for good. | It can: so it is. |", 1)]
    [InlineData("| a/b#1 | Something was lost for good. | It can: a. |\n| a/b#1 | Something was lost again. | It can: b. |", 1)]
    public void What_is_wrong_with_a_list_is_found(string text, int wrong) =>
        Assert.Equal(wrong, ImmunityRule.Wrong(ImmunityRule.Entries("| report | what happened | here |\n|---|---|---|\n" + text),
            new HashSet<string> { "ATests.It_holds" }).Count());

    [Fact]
    public void A_method_without_the_mark_of_a_test_is_none()
    {
        string text = "[Fact]\n// as it is\npublic void It_is()\n{\n}\n\npublic void Not_this() { }\n\n"
            + "[Theory]\npublic async Task This_too(int i)";
        Assert.Equal(["ATests.It_is", "ATests.This_too"], ImmunityRule.Tests("tests/A/ATests.cs", text));
        Assert.Empty(ImmunityRule.Tests("tests/A/ATests.cs", "public void Not_this()"));
        Assert.Single(ImmunityRule.Wrong([new("a/b#1", "Something was lost for good.", "No: `ATests.It_is`")], s_none));
    }
}
