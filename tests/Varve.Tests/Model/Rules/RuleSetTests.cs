using System.Text;
using Varve.Model.Rules;
using Varve.Model.Snapshots;

namespace Varve.Tests.Model.Rules;

public sealed class RuleSetTests
{
    private static readonly byte[] s_root = "/home/ada"u8.ToArray(), s_read = "/mnt/snap/ada"u8.ToArray();
    private static readonly RulePaths s_paths = new(s_root, s_read);

    [Theory]
    [InlineData("*.o", "a/b.o", true)]
    [InlineData("cache/", "x/cache", true)]
    [InlineData("lib/x.o", "lib/x.o", true)]
    [InlineData("lib/x.o", "a/lib/x.o", false)]
    [InlineData("**/lib/x.o", "a/lib/x.o", true)]
    [InlineData("/home/ada/cache", "cache", true)]
    [InlineData("/home/ada/cache", "a/cache", false)]
    [InlineData("/home/*/cache", "cache", true)]
    [InlineData("/home/*/cache", "a/cache", false)]
    [InlineData("/home/**/cache", "a/b/cache", true)]
    [InlineData("/home/ada/*/x", "b/x", true)]
    [InlineData("/home/adam/x", "x", false)]
    [InlineData("/home/ad*/x", "x", true)]
    [InlineData("/home/ada", "", false)]
    [InlineData("/cache", "cache", false)]
    [InlineData("//home//ada/cache", "cache", true)]
    [InlineData("\\!x", "!x", true)]
    [InlineData("\\re:x", "re:x", true)]
    [InlineData("#x", "#x", true)]
    [InlineData("x ", "x ", true)]
    [InlineData("re:^/mnt/snap/ada/a$", "a", true)]
    [InlineData("re:^/home/ada/a$", "a", false)]
    [InlineData("canonical-re:^/home/ada/a$", "a", true)]
    [InlineData("re:\\.(o|a)$", "b/c.a", true)]
    [InlineData("b?r", "b\u00E4r", false)]
    [InlineData("b??r", "b\u00E4r", true)]
    [InlineData("re:b.r", "b\u00E4r", true)]
    [InlineData("re:/.$", "\U0001F600", true)]
    public void A_rule_matches_as_described(string rule, string path, bool expected)
    {
        var set = new RuleSet([Option(rule)], s_root);
        Assert.Equal(expected ? 0 : -1, set.Find(Encoding.UTF8.GetBytes(path), true, s_paths));
        Assert.Equal(expected ? [] : [rule], set.Unmatched);
    }

    [Fact]
    public void The_last_rule_that_matches_decides()
    {
        var set = new RuleSet([Option("*.o"), Option("!keep.o"), Option("/home/ada/b/keep.o")], s_root);
        Assert.Equal(0, set.Find("x.o"u8, false, s_paths));
        Assert.Equal(1, set.Find("a/keep.o"u8, false, s_paths));
        Assert.True(set.Rules[1].IsIncluding);
        Assert.Equal(2, set.Find("b/keep.o"u8, false, s_paths));
        Assert.Equal(-1, set.Find("x.c"u8, false, s_paths));
    }

    [Fact]
    public void What_is_looked_up_comes_to_what_asking_one_by_one_does()
    {
        string[] pieces = ["a", "b", "ab", "a.o", "c.tar.gz", "*.o", "*.gz", "*.tar.gz", "*~", "*b", "a*", "?", "[ab]", "**", "x\u00E9"];
        string[] names = ["a", "b", "ab", "a.o", "c.tar.gz", "z~", ".o", "x\u00E9", "home", "ada"];
        for (int seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            string Any(string[] of) => of[random.Next(of.Length)];
            string Text() => (random.Next(4) == 0 ? "!" : "") + random.Next(8) switch
            {
                0 => "re:" + Regex(random),
                1 => "canonical-re:" + Regex(random),
                2 => "/home/ada/" + Any(pieces) + "/" + Any(pieces),
                3 => "/home/" + Any(pieces) + "/" + Any(pieces),
                4 => Any(pieces) + "/" + Any(pieces),
                _ => Any(pieces),
            } + (random.Next(5) == 0 ? "/" : "");
            ExcludeRule[] rules = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => Option(Text()))];
            var set = new RuleSet(rules, s_root);
            PathRule[] alone = [.. rules.Select(static r => new PathRule(r, s_root))];
            var matched = new bool[rules.Length];
            for (int i = 0; i < 60; i++)
            {
                byte[] path = Encoding.UTF8.GetBytes(string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Any(names))));
                bool isDirectory = random.Next(2) == 0;
                int expected = Array.FindLastIndex(alone, r => r.IsMatch(path, isDirectory, s_paths));
                Assert.Equal(expected, set.Find(path, isDirectory, s_paths));
                for (int r = 0; r < alone.Length; r++) { matched[r] |= alone[r].IsMatch(path, isDirectory, s_paths); }
            }

            Assert.Equal(rules.Where((r, i) => !alone[i].IsIncluding && !matched[i]).Select(static r => r.Pattern).Distinct(), set.Unmatched);
        }
    }

    [Fact]
    public void Asking_allocates_nothing()
    {
        string[] rules = ["*.o", "x", "/home/ada/a/b", "a*b/c?", "re:/q+$", "/h*/ada/zz"];
        var set = new RuleSet([.. rules.Select(Option)], s_root);
        byte[][] paths = [.. ((string[])["a/b", "x", "y.o", "n.c", "aab/cd", "d/qqq"]).Select(static p => Encoding.UTF8.GetBytes(p))];
        for (int i = 0; i < 3; i++) { Ask(); }
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) { Ask(); }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000);

        void Ask()
        {
            foreach (byte[] path in paths) { set.Find(path, false, s_paths); }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("!")]
    [InlineData("[a")]
    [InlineData("a\\")]
    [InlineData("[[:nope:]]")]
    [InlineData("[z-a]")]
    [InlineData("[\u00E4]")]
    [InlineData("re:")]
    [InlineData("re:(a")]
    [InlineData("re:a)")]
    [InlineData("re:[a")]
    [InlineData("re:(a)\\1")]
    [InlineData("re:a{3,1}")]
    [InlineData("canonical-re:[[:nope:]]")]
    public void A_rule_without_meaning_is_refused(string rule) =>
        Assert.Equal(ErrorKind.Usage, Assert.Throws<VarveException>(() => RuleText.Check(rule)).Kind);

    [Theory]
    [InlineData("*.o", true)]
    [InlineData("cache/", true)]
    [InlineData("/home/**/x", true)]
    [InlineData("**/lib/x", true)]
    [InlineData("lib/x", false)]
    [InlineData("!x", false)]
    [InlineData("a?", false)]
    [InlineData("a\\b", false)]
    [InlineData("re:x", false)]
    [InlineData("f**/x", false)]
    public void It_is_known_what_both_languages_of_patterns_read_alike(string rule, bool expected) =>
        Assert.Equal(expected, RuleText.IsReadAlike(rule));

    private static string Regex(Random random)
    {
        string[] all = ["a", "b$", "^/", "\\.o$", "/ab/", "[ab]+/", "(a|b)/a", "gz", "x."];
        return all[random.Next(all.Length)];
    }

    private static ExcludeRule Option(string pattern) => new(pattern, RuleOrigin.Option);
}
