using System.Diagnostics;
using System.Text;
using Varve.Model.Rules;
using Varve.Model.Snapshots;
using Varve.Tests.Kit;

namespace Varve.Tests.Model.Rules;

public sealed class RuleFileTests : IDisposable
{
    private readonly ScratchDirectory _d = new();

    public void Dispose() => _d.Dispose();

    [Fact]
    public void Lines_are_read_as_git_reads_them()
    {
        Assert.Equal([("*.o", 1), ("!keep.o", 3), ("a\\ ", 4), ("\\#x", 6)],
            Read("\uFEFF*.o  \r\n# remark\r\n!keep.o\r\na\\ \r\n\r\n\\#x"u8.ToArray()));
        Assert.Empty(Read([]));
        Assert.Empty(Read("\r\n\n   \n#\n"u8.ToArray()));
        Assert.Equal([0x2A, 0xE9], RuleText.ToBytes(Read([0x2A, 0xE9])[0].Rule));
    }

    [Fact]
    public void A_hundred_thousand_lines_are_read_and_looked_up()
    {
        string text = string.Concat(Enumerable.Range(0, 100_000).Select(static i => $"name-{i}\n"));
        IReadOnlyList<ExcludeRule> rules = RuleFile.Read(Encoding.UTF8.GetBytes(text), "f", RuleOrigin.Option);
        Assert.Equal(100_000, rules.Count);
        var set = new RuleSet(rules, "/home/ada"u8.ToArray());
        var paths = new RulePaths("/home/ada"u8.ToArray(), "/home/ada"u8.ToArray());
        Assert.Equal(99_999, set.Find("d/name-99999"u8, false, paths));
        Assert.Equal(-1, set.Find("d/name"u8, false, paths));
    }

    [Theory]
    [InlineData("ok\n  [a\n", 2, 3)]
    [InlineData("\r\nok\r\n!b[\r\n", 3, 3)]
    [InlineData("re:a(\n", 1, 6)]
    [InlineData("a\\\n", 1, 2)]
    public void A_bad_rule_is_told_with_file_line_and_column(string text, long line, long column)
    {
        var e = Assert.Throws<VarveException>(() => Read(Encoding.UTF8.GetBytes(text)));
        Assert.Equal((ErrorKind.Usage, "/etc/rules", line, column), (e.Kind, e.Subject.Name, e.Subject.Line, e.Subject.Column));
        Assert.StartsWith($"/etc/rules:{line}:{column}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_for_grep_is_read_as_it_is()
    {
        string[] lines =
        [
            "^/home/ada/tmp(/|$)", "\\.(o|a|so)$", "/\\.cache/", "[[:digit:]]{3,}$", "a{x", "#note", "\\<core\\>", "x*+", "*y", "[]z]$", "[a\\.]q", "(ab|cd){2}",
            "\u00E9.$", "a|b$", "^.{30}$", "[^/]~$", "w\\.w",
        ];
        string[] names =
        [
            "tmp", "tmpx", "a.o", "b.so", "c.c", ".cache", "x123", "12", "a{x", "#note", "core", "score", "xx+", "*y", "z]", "q.q",
            "abcd", "ab", "\u00E9x", "k~", "w.w", "wow", "b",
        ];
        var random = new Random(5);
        string Path() => string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => names[random.Next(names.Length)]));
        string[] paths = [.. Enumerable.Range(0, 3000).Select(_ => "/home/ada/" + Path()).Distinct()];
        File.WriteAllLines(_d.Path + "/paths", paths);
        for (int i = 0; i <= lines.Length; i++)
        {
            string[] list = i < lines.Length ? [lines[i]] : lines;
            File.WriteAllLines(_d.Path + "/list", list);
            string[] kept = Grep("-v", "-f", _d.Path + "/list", _d.Path + "/paths");
            byte[] text = File.ReadAllBytes(_d.Path + "/list");
            var set = new RuleSet(RuleFile.Read(text, "list", RuleOrigin.Option, RuleKind.ActualPath), "/srv"u8.ToArray());
            var at = new RulePaths("/srv"u8.ToArray(), "/home/ada"u8.ToArray());
            string[] here = [.. paths.Where(p => set.Find(Encoding.UTF8.GetBytes(p["/home/ada/".Length..]), false, at) < 0)];
            string[] differ = [.. kept.Except(here).Concat(here.Except(kept)).Take(5)];
            Assert.True(kept.SequenceEqual(here), $"{string.Join(' ', list)}: {string.Join(' ', differ)}");
        }
    }

    [Fact]
    public void An_empty_line_of_a_list_for_grep_does_not_leave_out_everything() =>
        Assert.Equal(["re:a", "re: b"],
            RuleFile.Read("a\r\n\r\n b\n"u8, "f", RuleOrigin.Option, RuleKind.ActualPath).Select(static r => r.Pattern));

    private static string[] Grep(params string[] arguments)
    {
        var start = new ProcessStartInfo("grep", ["-E", .. arguments]) { RedirectStandardOutput = true };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using Process grep = Process.Start(start)!;
        string output = grep.StandardOutput.ReadToEnd();
        grep.WaitForExit();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static (string Rule, long Line)[] Read(byte[] text) =>
        [.. RuleFile.Read(text, "/etc/rules", RuleOrigin.Option).Select(static r => (r.Pattern, r.Line))];
}
