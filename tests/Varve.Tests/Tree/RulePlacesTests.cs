using Varve.Model.Bytes;
using Varve.Model.Snapshots;
using Varve.Tests.Kit;
using Varve.Tree.Lists;

namespace Varve.Tests.Tree;

public sealed class RulePlacesTests
{
    private static readonly ExcludeRule[] s_rules =
    [
        new("a", RuleOrigin.Option), new("b", RuleOrigin.Option) { File = "/x", Line = 3 },
        new("c", RuleOrigin.Configuration) { File = "/y", Line = 100_000 }, new("d", RuleOrigin.IgnoreFile) { File = "/x", Line = 1 },
    ];

    [Fact]
    public void Places_come_back_as_they_were()
    {
        byte[] places = RulePlaces.Encode(s_rules)!;
        Assert.Equal(s_rules, RulePlaces.Apply(places, [.. s_rules.Select(static r => new ExcludeRule(r.Pattern, r.Origin))]));
        Assert.Null(RulePlaces.Encode([new("a", RuleOrigin.Option)]));
        Assert.Same(s_rules, RulePlaces.Apply([], s_rules));
    }

    [Fact]
    public void Rules_beyond_those_that_are_told_of_have_none()
    {
        byte[] places = RulePlaces.Encode(s_rules[..2])!;
        Assert.Null(RulePlaces.Apply(places, [.. s_rules.Select(static r => new ExcludeRule(r.Pattern, r.Origin))])[3].File);
    }

    [Fact]
    public void A_file_that_is_not_there_is_damage()
    {
        var writer = new ByteWriter();
        writer.VarInt(1);
        writer.Text("/x");
        writer.VarInt(2);
        byte[] places = writer.ToArray();
        DamagedBytes.Is(() => RulePlaces.Apply(places, s_rules));
    }

    [Fact]
    public void A_rule_that_the_first_programs_had_not_says_so_in_its_origin_and_comes_back_from_it()
    {
        ExcludeRule[] rules =
        [
            new("*.o", RuleOrigin.Option), new("lib/x", RuleOrigin.Option), new("!x", RuleOrigin.Configuration),
            new("x", RuleOrigin.IgnoreFile), new("nodump", RuleOrigin.Property),
        ];
        var writer = new ByteWriter();
        MarkList.Encode(writer, rules, [], 6);
        LeftOutMarks read = MarkList.Decode(writer.Written);
        Assert.Equal(rules.Select(static r => r.Origin), read.Rules.Select(static r => r.Origin));
        Assert.Equal([false, true, true, false, false], read.Rules.Select(static r => r.IsOfSecondLanguage));
        Assert.Equal(6, read.RuleCount);
    }
}
