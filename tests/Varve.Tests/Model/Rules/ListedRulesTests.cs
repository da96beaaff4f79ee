using System.Text;
using Varve.Model.Rules;
using Varve.Model.Snapshots;

namespace Varve.Tests.Model.Rules;

/// <summary>Rules of a snapshot are asked again in the language in which its program had them.</summary>
public sealed class ListedRulesTests
{
    [Theory]
    [InlineData("lib/x", false, "a/lib/x", true)]
    [InlineData("lib/x", true, "a/lib/x", false)]
    [InlineData("lib/x", true, "lib/x", true)]
    [InlineData("!x", false, "!x", true)]
    [InlineData("re:^/mnt/a$", true, "a", true)]
    [InlineData("canonical-re:^/home/a$", true, "a", true)]
    public void A_rule_is_read_as_it_was_meant(string rule, bool isSecond, string path, bool excludes)
    {
        ListedRules rules = Of(new ExcludeRule(rule, RuleOrigin.Option) { IsOfSecondLanguage = isSecond });
        Assert.Equal(excludes, rules.Excluding(Encoding.UTF8.GetBytes(path), true) is not null);
        Assert.True(rules.IsWhole);
    }

    [Fact]
    public void The_last_decides_and_what_is_no_rule_of_paths_is_passed_over()
    {
        ListedRules rules = Of(new ExcludeRule("*.o", RuleOrigin.Option),
            new ExcludeRule("!keep.o", RuleOrigin.Option) { IsOfSecondLanguage = true }, new ExcludeRule("keep.o", RuleOrigin.IgnoreFile),
            new ExcludeRule("keep.o", RuleOrigin.Property));
        Assert.Equal("*.o", rules.Excluding("a.o"u8, false)!.Pattern);
        Assert.Null(rules.Excluding("keep.o"u8, false));
    }

    [Fact]
    public void One_that_makes_no_sense_is_told() =>
        Assert.False(Of(new ExcludeRule("re:(", RuleOrigin.Option) { IsOfSecondLanguage = true }).IsWhole);

    private static ListedRules Of(params ExcludeRule[] rules) => new(rules, "/home"u8.ToArray(), "/mnt"u8.ToArray());
}
