using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Varve.Keys;
using Varve.Model;

namespace Varve.Tests.Keys;

/// <summary>Paper keys: what is printed is read back, and what is mistyped is found and named by its line.</summary>
public sealed partial class PaperKeyTests
{
    private const string Digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private readonly SecretBundle _full;

    public PaperKeyTests()
    {
        var id = RepositoryId.Create();
        _full = SecretBundle.Create(id, HeaderJson.Encode(RepositoryHeader.Create(id, "2026-11-30T06:00:00Z")));
    }

    [Theory]
    [InlineData(KeyLevel.Full, 13)]
    [InlineData(KeyLevel.Write, 15)]
    public void Lines_and_code_hold_the_whole_bundle_with_the_header_to_the_byte(KeyLevel level, int lines)
    {
        SecretBundle bundle = level == KeyLevel.Full ? _full : _full.ToWriteLevel();
        using PaperKey paper = PaperKey.Of(bundle);
        Assert.Equal(lines, paper.Lines.Count);
        Assert.All(paper.Lines, static l => Assert.Matches(Line(), l));
        Assert.Matches("^VARVE-PAPER-1:[0-9A-Z]+$", paper.Code);
        foreach (string text in (string[])[string.Join('\n', paper.Lines), paper.Code, "varve-paper-1\r\n" + string.Join("\r\n", paper.Lines)])
        {
            using PaperKey read = PaperKey.Parse(text);
            Assert.Equal((level, bundle.RepositoryId.ToString()), (read.Level, read.Repository));
            Assert.Equal(bundle.Encode(), read.ToBundle().Encode());
        }
    }

    [Fact]
    public void Case_spaces_numbers_and_letters_that_look_like_digits_do_not_matter()
    {
        using PaperKey paper = PaperKey.Of(_full);
        string text = string.Join('\n', paper.Lines.Select(static l => l[4..].ToLowerInvariant().Replace(" ", "-", StringComparison.Ordinal)
            .Replace('0', 'o').Replace('1', 'l')));
        Assert.Equal(_full.Encode(), PaperKey.Parse("# a comment\n\nVARVE-paper-1\n" + text + "\n█▀▄ █\n").ToBundle().Encode());
        Assert.Equal(_full.Encode(), PaperKey.Parse(paper.Code.ToLowerInvariant().Replace('1', 'I').Replace("paper-I", "paper-1",
            StringComparison.Ordinal)).ToBundle().Encode());
    }

    [Fact]
    public void Any_character_that_is_mistyped_anywhere_is_found_and_its_line_named()
    {
        using PaperKey paper = PaperKey.Of(_full);
        string[] lines = [.. paper.Lines];
        int found = 0, all = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            for (int at = 4; at < lines[i].Length; at++)
            {
                if (lines[i][at] == ' ') { continue; }
                char other = Digits[(Digits.IndexOf(lines[i][at], StringComparison.Ordinal) + 1 + (at % 31)) % 32];
                string[] typed = [.. lines];
                typed[i] = lines[i][..at] + other + lines[i][(at + 1)..];
                all++;
                VarveException e = Refused(string.Join('\n', typed));
                Assert.Equal((ErrorKind.WrongKey, Advice.CompareWithPaper, $"line {i + 1} of the paper key"),
                    (e.Kind, e.Advice, e.Subject.Name));
                found++;
            }
        }

        // A check of 20 bits misses one in a million; this many are all found, or the key of this run is that one.
        Assert.Equal(all, found);
        Assert.InRange(all, 350, 400);
    }

    [Fact]
    public void Neighbours_that_changed_places_are_found()
    {
        using PaperKey paper = PaperKey.Of(_full);
        string line = paper.Lines[2];
        int tried = 0;
        for (int at = 4; at < 28; at++)
        {
            if (line[at] == ' ' || line[at + 1] == ' ' || line[at] == line[at + 1]) { continue; }
            string typed = line[..at] + line[at + 1] + line[at] + line[(at + 2)..];
            Assert.Equal("line 3 of the paper key", Refused(Replaced(paper, 2, typed)).Subject.Name);
            tried++;
        }

        Assert.InRange(tried, 1, 24);
    }

    [Fact]
    public void Lines_that_are_missing_exchanged_cut_short_or_too_many_are_named()
    {
        using PaperKey paper = PaperKey.Of(_full);
        string[] lines = [.. paper.Lines], bare = [.. lines.Select(static l => l[4..])];
        Assert.Equal("line 4 of the paper key is missing: there is line 5",
            Refused(string.Join('\n', lines.Where((_, i) => i != 3))).Message);
        Assert.StartsWith("line 4 of the paper key is not as it was printed",
            Refused(string.Join('\n', bare.Where((_, i) => i != 3))).Message, StringComparison.Ordinal);
        Assert.StartsWith("line 1 of the paper key", Refused(string.Join('\n', (string[])[bare[1], bare[0], .. bare[2..]])).Message,
            StringComparison.Ordinal);
        Assert.Equal("line 13 of the paper key is missing, of 13", Refused(string.Join('\n', lines[..12])).Message);
        Assert.Equal("line 6 of the paper key has 27 characters, not 28", Refused(Replaced(paper, 5, lines[5][..^1])).Message);
        Assert.Equal("line 6 of the paper key has a 'U', which no paper key has", Refused(Replaced(paper, 5, lines[5][..^1] + "U")).Message);
        Assert.Equal("line 14 of the paper key is one too many: this paper key has 13",
            Refused(string.Join('\n', [.. bare, bare[0]])).Message);
        Assert.Equal("line 1 of the paper key does not begin with a number", Refused("x: " + bare[0]).Message);
    }

    [Fact]
    public void Lines_of_two_papers_do_not_make_one()
    {
        SecretBundle other = SecretBundle.Create(_full.RepositoryId, _full.HeaderJson);
        using PaperKey paper = PaperKey.Of(_full), second = PaperKey.Of(other);
        VarveException e = Refused(Replaced(paper, 6, second.Lines[6]));
        Assert.Equal((ErrorKind.WrongKey, "the paper key is put together from lines of several"), (e.Kind, e.Message));
    }

    [Theory]
    [InlineData("", ErrorKind.WrongKey)]
    [InlineData("# nothing\n", ErrorKind.WrongKey)]
    [InlineData("varve-paper-1", ErrorKind.WrongKey)]
    [InlineData("varve-paper-2\n1: 0000", ErrorKind.Unsupported)]
    [InlineData("VARVE-PAPER-17:0000", ErrorKind.Unsupported)]
    [InlineData("varve-paper-x", ErrorKind.WrongKey)]
    [InlineData("varve-key-1 AAAA", ErrorKind.WrongKey)]
    [InlineData("VARVE-PAPER-1:", ErrorKind.WrongKey)]
    [InlineData("VARVE-PAPER-1:00000000000000000000000000", ErrorKind.WrongKey)]
    [InlineData("VARVE-PAPER-1:ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ", ErrorKind.WrongKey)]
    [InlineData("VARVE-PAPER-1:é", ErrorKind.WrongKey)]
    public void What_is_no_paper_key_is_refused(string text, ErrorKind kind) => Assert.Equal(kind, Refused(text).Kind);

    [Fact]
    public void A_code_that_was_cut_or_changed_is_refused()
    {
        using PaperKey paper = PaperKey.Of(_full);
        for (int length = paper.Code.Length - 1; length > 14; length -= 7)
        {
            Assert.Equal(ErrorKind.WrongKey, Refused(paper.Code[..length]).Kind);
        }

        for (int at = 14; at < paper.Code.Length - 1; at += 5)
        {
            char other = Digits[(Digits.IndexOf(paper.Code[at], StringComparison.Ordinal) + 7) % 32];
            Assert.Equal(ErrorKind.WrongKey, Refused(paper.Code[..at] + other + paper.Code[(at + 1)..]).Kind);
        }
    }

    [Theory]
    [InlineData("level", 2)]
    [InlineData("time", 148)]
    [InlineData("private key", 115)]
    public void What_makes_no_sense_is_refused_though_its_checks_fit(string what, int at)
    {
        using PaperKey paper = PaperKey.Of(_full);
        byte[] bytes = Bytes(paper);
        if (what == "private key") { bytes.AsSpan(at, 32).Fill(0xFF); }
        else { bytes[at] = 0xFE; }
        SHA256.HashData([.. "varve/1 paper key"u8, .. bytes[..^6]]).AsSpan(0, 6).CopyTo(bytes.AsSpan(bytes.Length - 6));
        VarveException e = Assert.Throws<VarveException>(() => PaperKey.Decode(bytes));
        Assert.Equal((ErrorKind.WrongKey, true), (e.Kind, e.Message.Contains("makes no sense", StringComparison.Ordinal)));
    }

    private static byte[] Bytes(PaperKey paper)
    {
        string digits = paper.Code["VARVE-PAPER-1:".Length..];
        var bytes = new byte[digits.Length * 5 / 8];
        Assert.True(PaperDigits.TryRead(digits, bytes));
        return bytes;
    }

    private static string Replaced(PaperKey paper, int line, string by) =>
        string.Join('\n', paper.Lines.Select((l, i) => i == line ? by : l));

    private static VarveException Refused(string text) => Assert.Throws<VarveException>(() => PaperKey.Parse(text));

    [GeneratedRegex("^[ 0-9][0-9]: (?:[0-9A-HJKMNP-TV-Z]{1,4} )+[0-9A-HJKMNP-TV-Z]{4}$")]
    private static partial Regex Line();
}
