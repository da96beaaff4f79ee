using System.Text;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.EndToEnd;

/// <summary>Lists as they are typed: find is the judge of those that are written, and makes those that are read.</summary>
[Trait("Takes", "minutes")]
public sealed class ListTests : IDisposable
{
    private const string FindFormat = "%T@ %s %i %m %y %g %u %D %p\\0";
    private readonly Desk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void A_live_tree_is_listed_as_find_lists_it_but_for_the_sizes_of_directories()
    {
        string source = _desk.Source();
        byte[] live = _desk.Varve.Succeed("ls", "--live", source, "--format", "find0").Output;
        File.WriteAllBytes(_desk["live"], live);
        Programs.Run("bash", "-c", $"find '{source}' -printf '{FindFormat}' > '{_desk["found"]}'");
        Assert.Equal(Records(_desk["found"]).Select(WithoutDirectorySize), Records(_desk["live"]));
        Assert.Equal(live.Length, _desk.Varve.Succeed("ls", "--live", source, "--format", "find", "-0").Output.Length);
        string[] few = Text(_desk.Varve.Succeed("ls", "--live", source, "--exclude", "letters", "--exclude-larger-than", "1M", "-0").Output);
        Assert.DoesNotContain(few, static n => n.Contains("letters", StringComparison.Ordinal) || n.EndsWith("raw", StringComparison.Ordinal));
        Assert.Contains(source + "/report.odt", few);
    }

    [Fact]
    public void A_snapshot_and_its_revisions_are_listed_under_absolute_paths()
    {
        string source = _desk.Source();
        _desk.Varve.Succeed("backup", source);
        Programs.Run("bash", "-c", $"find '{source}' -mindepth 1 -printf '{FindFormat}' > '{_desk["found"]}'");
        File.WriteAllBytes(_desk["listed"], _desk.Varve.Succeed("ls", "-R", "--format", "find0").Output);
        Assert.Equal(Records(_desk["found"]).Select(WithoutDirectorySize).Select(WithoutDevice), Records(_desk["listed"]));
        Assert.Equal([$"{source}/report.odt"], Text(_desk.Varve.Succeed("find", "report*", "--format", "names0").Output));
        _desk.Varve.Run("find", "report*", "--format", "names", "--json").Expect(2);
        _desk.Varve.Run("ls", "--format", "names", "--long").Expect(2);
        _desk.Varve.Run("ls", "--exclude", "x").Expect(2);
    }

    [Fact]
    public void A_name_with_a_newline_is_named_and_left_out_of_lines()
    {
        string source = _desk.Source(); // has one
        VarveResult lines = _desk.Varve.Run("ls", "--live", source, "--format", "names").Expect(3);
        Assert.Contains(@"\xff\nb: has a newline in its name", lines.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\nb\n", lines.Text, StringComparison.Ordinal);
        _desk.Varve.Succeed("backup", source);
        Assert.Contains(@"\xff\nb: has a newline", _desk.Varve.Run("ls", "--format", "short").Expect(3).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_find_lists_is_saved_and_nothing_else()
    {
        string source = _desk.Source();
        var piped = new VarveProcess(_desk.Varve.Home)
        {
            Before = $"find '{source}' ! -name '*.txt' -printf '{FindFormat}' | ",
        };
        piped.Succeed("backup", source, "--files-from0", "-", "--list-format", "find");
        string[] saved = Text(_desk.Varve.Succeed("ls", "-R", "--format", "names0").Output);
        Assert.Equal(Found(source, "! -name '*.txt'").Order(StringComparer.Ordinal), saved);
        File.WriteAllText(_desk["list"], "letters/old/to-bob.txt\ngone\n");
        var there = new VarveProcess(_desk.Varve.Home) { Before = $"cd '{source}'; " };
        VarveResult partial = there.Run("backup", source, "--files-from", _desk["list"], "--json").Expect(3);
        Assert.Equal(1, partial.Object.GetProperty("failed").GetInt32());
        Assert.Contains("gone", _desk.Varve.Succeed("failures").Text, StringComparison.Ordinal);
        Assert.Equal(["letters/", "letters/old/", "letters/old/to-bob.txt"], _desk.Varve.Succeed("ls", "-R").Text.Split('\n')[..^1]);
    }

    [Fact]
    public void A_bad_list_ends_the_command_before_anything_is_made()
    {
        string source = _desk.Source();
        File.WriteAllText(_desk["list"], $"1 2 {source}/empty\nnonsense\n");
        VarveResult bad = _desk.Varve.Run("backup", source, "--files-from", _desk["list"], "--list-format", "short").Expect(2);
        Assert.StartsWith($"varve: {_desk["list"]}:2: does not begin with a time", bad.Error, StringComparison.Ordinal);
        _desk.Varve.Run("backup", source, "--files-from", "/dev/null").Expect(2);
        _desk.Varve.Run("backup", source, "--files-from", _desk["none"]).Expect(1);
        _desk.Varve.Run("backup", source, source + "/letters", "--files-from", _desk["list"], "--skip-bad-lines").Expect(2);
        Assert.False(Directory.Exists(_desk["home/.local"]));
        VarveResult skipped = _desk.Varve.Succeed(
            "backup", source, "--files-from", _desk["list"], "--list-format", "short", "--skip-bad-lines");
        Assert.Contains($"1 line of {_desk["list"]} skipped", skipped.Error, StringComparison.Ordinal);
        Assert.Equal("empty\n", _desk.Varve.Succeed("ls").Text);
    }

    private string[] Found(string source, string which)
    {
        Programs.Run("bash", "-c", $"find '{source}' -mindepth 1 {which} -print0 > '{_desk["found"]}'");
        return Records(_desk["found"]);
    }

    private static string[] Text(byte[] output) =>
        [.. Encoding.Latin1.GetString(output).Split('\0')[..^1].Order(StringComparer.Ordinal)];

    private static string[] Records(string file) => Text(File.ReadAllBytes(file)) is var all
        ? [.. all.OrderBy(static r => r[(r.IndexOf('/') is var at and >= 0 ? at : 0)..], StringComparer.Ordinal)] : [];

    private static string WithoutDirectorySize(string record)
    {
        string[] fields = record.Split(' ', 9);
        if (fields[4] == "d") { fields[1] = "0"; }
        return string.Join(' ', fields);
    }

    private static string WithoutDevice(string record)
    {
        string[] fields = record.Split(' ', 9);
        fields[7] = "?";
        return string.Join(' ', fields);
    }
}
