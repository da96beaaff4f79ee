using Varve.App.Settings.Values;
using System.Globalization;
using System.Text.RegularExpressions;
using Varve.App.Output.Pages;
using Varve.App.Settings.Reference;
using Varve.App.Settings.Table;
using Varve.Tests.Kit.Processes;

namespace Varve.Tests.App;

/// <summary>Help fits, is whole, and is there in every way that it is asked for; what it lists is all there is.</summary>
public sealed partial class HelpTests
{
    private readonly FakeWorld _world = new();

    public static TheoryData<int> Widths => [60, 80, 120, 200];

    private static IEnumerable<CommandSpec?> Pages => [null, .. CommandTable.All, .. CommandTable.Leaves];

    [Theory]
    [MemberData(nameof(Widths))]
    public void No_line_is_longer_than_the_width_and_nothing_is_cut(int width)
    {
        foreach (CommandSpec? spec in Pages)
        {
            string page = HelpPage.Of(spec, width);
            Assert.All(page.Split('\n'), line => Assert.True(line.Length <= width, $"{spec?.Path} at {width}: {line}"));
            string words = Words(page);
            Assert.Contains(Words(spec?.Help ?? CommandTable.About), words, StringComparison.Ordinal);
            foreach (Setting setting in (spec?.Settings ?? []).Concat(GlobalSettings.All))
            {
                Assert.Contains(setting.Name, words, StringComparison.Ordinal);
                Assert.Contains(Words(setting.Description), words, StringComparison.Ordinal);
            }

            Assert.All(spec?.Arguments ?? [], a => Assert.Contains(Words(a.Description), words, StringComparison.Ordinal));
            string copied = Words(page.Replace("\\\n", "", StringComparison.Ordinal));
            Assert.All(spec?.Examples ?? CommandTable.Examples, e => Assert.Contains(Words(e), copied, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Global_options_stand_last_under_a_heading_of_their_own()
    {
        foreach (CommandSpec? spec in Pages)
        {
            string page = HelpPage.Of(spec, 80);
            string[] headings = [.. Heading().Matches(page).Select(static m => m.Groups[1].Value)];
            Assert.Equal("Global options", headings[^1]);
            Assert.Equal(spec?.Settings.Count > 0, headings.Contains("Options"));
            string above = page[..page.IndexOf("\nGlobal options:", StringComparison.Ordinal)];
            above = above.Replace("as --repo", "", StringComparison.Ordinal);
            Assert.DoesNotMatch("--repo(?!sitory)", above); // 'serve' has another
        }
    }

    [Theory]
    [InlineData("help")]
    [InlineData("help", "backup")]
    [InlineData("help", "key")]
    [InlineData("help", "key", "add")]
    public void Help_of_a_command_is_what_the_command_itself_says(params string[] line)
    {
        Assert.Equal(0, _world.Run(line));
        var other = new FakeWorld();
        Assert.Equal(0, other.Run([.. line[1..], "--help"]));
        Assert.Equal(other.Output, _world.Output);
        var third = new FakeWorld();
        Assert.Equal(0, third.Run([.. line[1..], "-h"]));
        Assert.Equal(other.Output, third.Output);
    }

    [Theory]
    [InlineData("varve: 'bakcup' is no command; did you mean 'backup'?\n       what there is: varve help\n", "bakcup")]
    [InlineData("varve: key: 'ad' is no command of it; did you mean 'key add'?\n       what there is: varve help key\n", "key", "ad")]
    [InlineData("varve: help: 'x' is one argument too many; it takes [COMMAND...]\n       what there is: varve help help\n", "ls", "x")]
    public void Help_of_what_does_not_exist_is_an_error(string error, params string[] words)
    {
        Assert.Equal(2, _world.Run(["help", .. words]));
        Assert.Equal(error, _world.Error);
    }

    [Theory]
    [InlineData("version")]
    [InlineData("--version")]
    [InlineData("-V")]
    public void The_version_is_a_line(string argument)
    {
        Assert.Equal(0, _world.Run(argument));
        Assert.Matches(@"^varve \d+\.\d+\.\d+\n$", _world.Output);
    }

    [Fact]
    public void Every_variable_that_the_program_reads_is_in_the_one_list_and_in_help_and_manuals()
    {
        string page = HelpPage.Of(null, 80), reference = MarkdownReference.Page();
        foreach ((string names, string help) in Variables.Listed)
        {
            Assert.All(names.Split(", "), n => Assert.Contains(n, page, StringComparison.Ordinal));
            Assert.All(names.Split(", "), n => Assert.Contains($"`{n}`", reference, StringComparison.Ordinal));
            Assert.NotEmpty(help);
        }

        string[] listed = [.. Variables.Listed.SelectMany(static v => v.Name.Split(", "))];
        Assert.Distinct(listed);
        // For development, in docs/architecture.md.
        string[] others = [Variables.CheckpointSeconds, Variables.SessionSeconds, "VARVE_GATES", "VARVE_BIN", "VARVE_CI"];
        IEnumerable<string> read = Directory.EnumerateFiles(Path.Combine(VarveProcess.Clone, "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(f => Variable().Matches(File.ReadAllText(f)).Select(static m => m.Value));
        // What commands get that it runs stands in a document of its own.
        string operations = File.ReadAllText(Path.Combine(VarveProcess.Clone, "docs/operations.md"));
        IEnumerable<string> given = Variable().Matches(operations).Select(static m => m.Value);
        Assert.Equal([], read.Distinct().Except(listed).Except(others).Except(given));
    }

    [Theory]
    [InlineData("docs/manual.md")]
    [InlineData("docs/json.md")]
    public void The_exit_codes_of_a_document_are_all_there_are(string document)
    {
        string text = File.ReadAllText(Path.Combine(VarveProcess.Clone, document));
        string section = text[text.IndexOf("## Exit codes", StringComparison.Ordinal)..];
        int[] codes = [.. Row().Matches(section).Select(static m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))
            .TakeWhile((c, i) => i == 0 || c > 0)];
        Assert.Equal([.. ExitCodes.All.Select(static e => e.Code)], codes);
    }

    private static string Words(string text) => string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex(@"(?m)^([A-Z][a-z ]+):$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"\bVARVE_[A-Z_]*[A-Z]")]
    private static partial Regex Variable();

    [GeneratedRegex(@"(?m)^\| (\d+) \|")]
    private static partial Regex Row();
}
