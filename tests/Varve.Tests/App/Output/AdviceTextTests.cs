using System.Reflection;
using System.Text.RegularExpressions;
using Varve.App.Output;
using Varve.App.Settings.Table;
using Varve.Model;
using Varve.Tests.Architecture;

namespace Varve.Tests.App.Output;

/// <summary>Every advice has words, and every command, option and variable that the program's words name exists.</summary>
public sealed partial class AdviceTextTests
{
    private static readonly HashSet<string> s_options =
        [.. CommandTable.Leaves.SelectMany(static c => c.AllSettings).Select(static s => s.Name), "--help", "--version"];

    private static readonly HashSet<string> s_variables =
    [
        .. CommandTable.Leaves.SelectMany(static c => c.AllSettings).Select(static s => s.Variable).OfType<string>(),
        .. typeof(Variables).GetFields(BindingFlags.Static | BindingFlags.NonPublic).Where(static f => f.IsLiteral)
            .Select(static f => f.GetRawConstantValue()).OfType<string>(),
        .. Variables.All.Select(static v => v.Name),
    ];

    /// <summary>Of each sort that words depend on.</summary>
    internal static readonly IReadOnlyList<Subject> Subjects =
    [
        Subject.None, Subject.Repository("/r"), Subject.Object("packs/ab"), Subject.Object("keys/ab"), Subject.Object("index/ab"),
        Subject.Command("backup"), Subject.Snapshot(new ObjectName([.. Enumerable.Repeat((byte)3, 32)])), Subject.KeyFile("/k"),
        Subject.Volume("vg/lv"), Subject.Program("btrfs"), Subject.Program("zfs"), Subject.Program("lvs"), Subject.Program("mount"),
    ];

    public static TheoryData<Advice> All => [.. Enum.GetValues<Advice>()];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_advice_has_words_whatever_it_is_about_and_they_name_what_exists(Advice advice)
    {
        foreach (Subject subject in Subjects)
        {
            string? text = AdviceText.Of(advice, subject, NextCommand.Plain);
            Assert.Equal(advice == Advice.None, text is null);
            Assert.Empty(Missing(text ?? ""));
        }
    }

    [Fact]
    public void Every_command_option_and_variable_that_a_string_of_the_app_names_exists()
    {
        // Variables that commands get which the program runs.
        string given = File.ReadAllText(Path.Combine(SourceTree.Root(), "docs/operations.md"));
        List<string> missing =
        [
            .. from file in SourceTree.All
               where file.Path.StartsWith("src/Varve.App/", StringComparison.Ordinal)
               from word in Missing(MessageRule.Literals(file))
               where !(word.StartsWith("VARVE_", StringComparison.Ordinal) && given.Contains($"`{word}`", StringComparison.Ordinal))
               select $"{file.Path}: {word}",
        ];
        Assert.Equal([], missing);
    }

    [Theory]
    [InlineData("Run 'varve fsck'")]
    [InlineData("'varve key show' lists them")]
    [InlineData("give --no-such-option")]
    [InlineData("set VARVE_NO_SUCH")]
    public void What_does_not_exist_is_found(string text) => Assert.NotEmpty(Missing(text));

    private static IEnumerable<string> Missing(string text)
    {
        foreach (Match match in Command().Matches(text))
        {
            CommandSpec? spec = CommandTable.Has(match.Groups[1].Value) ? CommandTable.Find(match.Groups[1].Value) : null;
            if (spec is null
                || (spec.Commands.Count > 0 && match.Groups[2].Success && !spec.Commands.Any(c => c.Name == match.Groups[2].Value)))
            {
                yield return match.Value;
            }
        }

        foreach (Match match in Option().Matches(text).Where(static m => !s_options.Contains(m.Value))) { yield return match.Value; }
        foreach (Match match in Variable().Matches(text).Where(static m => !s_variables.Contains(m.Value))) { yield return match.Value; }
    }

    [GeneratedRegex(@"\bvarve ([a-z]+(?:-[a-z]+)*)(?: ([a-z]+))?")]
    private static partial Regex Command();

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z-]*")]
    private static partial Regex Option();

    [GeneratedRegex(@"\bVARVE_[A-Z_]+")]
    private static partial Regex Variable();
}
