using System.Text.RegularExpressions;
using Varve.App.Output;
using Varve.App.Settings.Values;
using Varve.Model;
using Varve.Tests.Architecture;

namespace Varve.Tests.App.Output;

/// <summary>One voice: what is wrong begins small, like all that stands after "varve: ", and has no full stop; a hint too.</summary>
public sealed partial class VoiceTests
{
    public static TheoryData<Advice> All => [.. Enum.GetValues<Advice>().Where(static a => a != Advice.None)];

    [Theory]
    [MemberData(nameof(All))]
    public void A_hint_is_one_line_that_begins_small_and_ends_with_its_command(Advice advice)
    {
        foreach (Subject subject in AdviceTextTests.Subjects)
        {
            string text = AdviceText.Of(advice, subject, NextCommand.Plain)!;
            Assert.DoesNotContain('\n', text);
            Assert.Matches(@"^([a-z]|-[a-z-]|/)", text);
            Assert.DoesNotMatch(@"[.,;:]$", text);
            Assert.DoesNotMatch(@"\w\. ", text);
            // A command stands after a colon, at the end and whole: no PATH or NAME for somebody to fill in.
            MatchCollection commands = Program().Matches(text);
            Assert.True(commands.Count <= 1, text);
            Assert.All(commands, m => Assert.Matches(@": varve [a-z]", text[(m.Index - 2)..]));
            Assert.All(commands, m => Assert.DoesNotMatch(@"\b[A-Z]{2,}\b", text[m.Index..]));
        }
    }

    [Fact]
    public void What_an_error_a_failure_or_a_notice_says_begins_small_and_has_no_full_stop()
    {
        List<string> wrong =
        [
            .. from file in SourceTree.All
               where file.Path.StartsWith("src/", StringComparison.Ordinal)
               from Match made in Made().Matches(file.WithLiterals)
               from Match literal in Literal().Matches(made.Value)
               let text = literal.Groups[1].Value
               where (Capital().IsMatch(text) && !text.StartsWith("Varve", StringComparison.Ordinal)) || Stop().IsMatch(text)
               select $"{file.Path}: {text}",
        ];
        Assert.Equal([], wrong);
    }

    [Theory]
    [InlineData("Permission denied", "permission denied")]
    [InlineData("Could not find file '/x'.", "could not find file '/x'")]
    [InlineData("RPC struct is bad", "RPC struct is bad")]
    [InlineData("", "")]
    public void The_system_s_sentences_take_the_voice(string theirs, string ours) => Assert.Equal(ours, Varve.Platform.Errno.Part(theirs));

    [Theory]
    [InlineData("plain/path", "plain/path")]
    [InlineData("", "''")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("a\nb", @"$'a\x0ab'")]
    [InlineData("ü", "'ü'")]
    public void An_argument_is_quoted_for_a_shell(string argument, string quoted) => Assert.Equal(quoted, CommandText.Quote(argument));

    [Fact]
    public void An_argument_that_is_no_text_is_spelled() =>
        Assert.Equal(@"$'\xff\'\\'", CommandText.Quote(RawArguments.FromBytes([0xFF, (byte)'\'', (byte)'\\'])));

    [GeneratedRegex(@"\bvarve\b")]
    private static partial Regex Program();

    // To the parenthesis that closes what was opened.
    [GeneratedRegex("""(?:new (?:VarveException|Failure|Notice)|VarveException\.Damaged)\((?>[^()"]+|"(?:[^"\\]|\\.)*"|(?<o>\()|(?<-o>\)))*""")]
    private static partial Regex Made();

    [GeneratedRegex("\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex Literal();

    [GeneratedRegex(@"^[A-Z][a-z]+ ")]
    private static partial Regex Capital();

    [GeneratedRegex(@"\w\.$")]
    private static partial Regex Stop();
}
