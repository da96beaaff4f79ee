using System.Text;
using Varve.Model.Paths;

namespace Varve.Tests.Model;

public sealed class GlobTests
{
    [Theory]
    [InlineData("*.txt", "a.txt", true)]
    [InlineData("*.txt", "dir/a.txt", true)]
    [InlineData("*.txt", "a.txt/b", false)]
    [InlineData("*", ".hidden", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("b?r", "bär", true)]
    [InlineData("b?r", "b/r", false)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[!a-c]x", "bx", false)]
    [InlineData("[^a-c]x", "äx", true)]
    [InlineData("[]a]", "]", true)]
    [InlineData("[a-]", "-", true)]
    [InlineData("[\\]]", "]", true)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "x", false)]
    [InlineData("/a", "a", true)]
    [InlineData("/a", "b/a", false)]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "x/y/a/b", true)]
    [InlineData("a/b", "xa/b", false)]
    [InlineData("/a/*/c", "a/b/c", true)]
    [InlineData("/a/*/c", "a/b/b/c", false)]
    [InlineData("/a/**/c", "a/c", true)]
    [InlineData("/a/**/c", "a/b/b/c", true)]
    [InlineData("/a/**/c", "ac", false)]
    [InlineData("/a/**", "a/b/c", true)]
    [InlineData("/a/**", "a", false)]
    [InlineData("/**/c", "c", true)]
    [InlineData("/**/c", "a/b/c", true)]
    [InlineData("/**", "a/b", true)]
    [InlineData("/**", "", true)]
    [InlineData("**/c", "a/b/c", true)]
    [InlineData("a**c", "abbc", true)]
    [InlineData("/a**c", "a/c", false)]
    [InlineData("/", "", true)]
    [InlineData("/", "a", false)]
    [InlineData("//a///b", "a/b", true)]
    public void A_pattern_matches_as_described(string pattern, string path, bool expected) =>
        Assert.Equal(expected, Glob.Parse(pattern).IsMatch(Encoding.UTF8.GetBytes(path)));

    [Theory]
    [InlineData("")]
    [InlineData("[a")]
    [InlineData("[")]
    [InlineData("[a/b]")]
    [InlineData("a\\")]
    [InlineData("[ä]")]
    [InlineData("[z-a]")]
    [InlineData("a\0")]
    public void A_pattern_without_meaning_is_refused(string pattern) =>
        Assert.Equal(ErrorKind.Usage, Assert.Throws<VarveException>(() => Glob.Parse(pattern)).Kind);

    [Theory]
    [InlineData("/home/me/cache", "/home/me", "cache", true)]
    [InlineData("/home/me/cache", "/home/me/", "cache", true)]
    [InlineData("/home/me/cache", "/home/me", "a/cache", false)]
    [InlineData("/home/me/cache", "/home/me", "cache/x", false)]
    [InlineData("/home/me/cache", "/home/m", "e/cache", false)]
    [InlineData("/home/me/cache", "/home", "me/cache", true)]
    [InlineData("/home/me/cache", "/", "home/me/cache", true)]
    [InlineData("/home/me/cache", "/srv", "cache", false)]
    [InlineData("/cache", "/home/me", "cache", false)]
    [InlineData("/home/me", "/home/me", "", true)]
    [InlineData("/home", "/home/me", "", false)]
    [InlineData("/home/*/cache", "/home/me", "cache", true)]
    [InlineData("/home/**", "/home/me", "a", true)]
    [InlineData("/home/**", "/home/me", "", true)]
    [InlineData("/home/me/**", "/home/me", "", false)]
    [InlineData("/**/cache", "/home/me", "a/b/cache", true)]
    [InlineData("/h[ao]me/m?/\\*", "/home/me", "*", true)]
    [InlineData("me/cache", "/home/me", "cache", false)]
    [InlineData("a/cache", "/home/me", "b/a/cache", true)]
    [InlineData("cache", "/home/me", "b/cache", true)]
    [InlineData("*", "/home/me", "b", true)]
    public void An_absolute_pattern_is_for_the_absolute_path_and_any_other_for_what_is_below_the_root(
        string pattern, string root, string path, bool expected) =>
        Assert.Equal(expected, Glob.Parse(pattern).Below(Encoding.UTF8.GetBytes(root)).IsMatch(Encoding.UTF8.GetBytes(path)));

    [Fact]
    public void A_long_absolute_pattern_is_for_the_absolute_path_too()
    {
        Glob glob = Glob.Parse("/home/me/" + new string('z', 80) + "*");
        byte[] path = Encoding.UTF8.GetBytes(new string('z', 90));
        Assert.True(glob.Below("/home/me"u8).IsMatch(path));
        Assert.False(glob.Below("/home/you"u8).IsMatch(path));
        Assert.False(glob.Below("/home"u8).IsMatch(path));
    }

    [Fact]
    public void A_set_knows_which_of_its_patterns_ever_matched()
    {
        var set = new GlobSet(["*.o", "/src/a/", "a", "*.o", "/elsewhere/x"], "/src"u8);
        Assert.True(set.Matches("a"u8, mayBeDirectory: true));
        Assert.Equal(["*.o", "/elsewhere/x"], set.Unmatched);
        Assert.False(set.Matches("b"u8, mayBeDirectory: true));
        set.Remember("b/c.o"u8, mayBeDirectory: false);
        Assert.Equal(["/elsewhere/x"], set.Unmatched);
        var files = new GlobSet(["a/"], "/src"u8);
        Assert.False(files.Matches("a"u8, mayBeDirectory: false));
        Assert.Equal(["a/"], files.Unmatched);
    }

    [Fact]
    public void A_slash_at_the_end_asks_for_directories()
    {
        Glob glob = Glob.Parse("build/");
        Assert.True(glob.DirectoriesOnly);
        Assert.True(glob.IsNameOnly);
        Assert.True(glob.IsMatch("a/build"u8));
    }

    [Fact]
    public void Case_counts_unless_it_is_ignored()
    {
        Assert.False(Glob.Parse("A[b-c]").IsMatch("aB"u8));
        Assert.True(Glob.Parse("A[b-c]", ignoreCase: true).IsMatch("aB"u8));
    }

    [Fact]
    public void Names_that_are_not_utf8_match()
    {
        Assert.True(Glob.Parse("*.jpg").IsMatch([0xff, 0x80, (byte)'.', (byte)'j', (byte)'p', (byte)'g']));
        Assert.True(Glob.Parse("?").IsMatch([0xff]));
        Assert.True(Glob.Parse("?").IsMatch([0x80]));
    }

    [Fact]
    public void A_pattern_that_would_backtrack_forever_ends()
    {
        Glob glob = Glob.Parse("/" + string.Concat(Enumerable.Repeat("**/*a", 150)) + "b");
        Assert.False(glob.IsMatch(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("aaaa/", 20_000)) + "a")));
    }

    [Fact]
    public void It_agrees_with_a_naive_matcher()
    {
        var random = new Random(20261122);
        string[] pieces = ["a", "b", "/", "*", "**", "?", "[ab]", "[!a]", "/**/", "/*/", "\\a", "\\*"];
        int matched = 0;
        for (int round = 0; round < 60_000; round++)
        {
            string pattern = string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => pieces[random.Next(pieces.Length)]));
            // Half of the patterns are made long enough for more than one word of bits.
            string lead = round % 2 == 0 ? "" : new string('c', random.Next(50, 150));
            string path = string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => RandomName(random)));
            if (pattern.Contains("//")) { continue; }
            pattern = lead + pattern;
            path = lead + path;
            bool expected = NaiveGlob.IsMatch(pattern, path);
            Assert.True(expected == Glob.Parse(pattern).IsMatch(Encoding.ASCII.GetBytes(path)),
                $"pattern {pattern} path {path} expected {expected}");
            matched += expected ? 1 : 0;
        }

        Assert.InRange(matched, 2_000, 58_000);
    }

    private static string RandomName(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => "ab*"[random.Next(3)]));
}
