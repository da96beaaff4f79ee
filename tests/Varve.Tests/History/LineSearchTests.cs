using System.Text;
using System.Text.RegularExpressions;
using Varve.History.Content;

namespace Varve.Tests.History;

/// <summary>Lines in bytes that come piece by piece.</summary>
public sealed class LineSearchTests
{
    [Fact]
    public void However_the_bytes_come_the_lines_are_those_of_the_whole()
    {
        var random = new Random(5);
        for (int i = 0; i < 500; i++)
        {
            byte[] text = new byte[random.Next(60)];
            for (int k = 0; k < text.Length; k++) { text[k] = "aab\n\r"u8.ToArray()[random.Next(5)]; }
            string[] lines = Encoding.Latin1.GetString(text).Split('\n');
            if (lines[^1].Length == 0) { lines = lines[..^1]; }
            IEnumerable<string> expected = lines.Select(static (l, n) => (Line: l.EndsWith('\r') ? l[..^1] : l, Number: n + 1))
                .Where(static l => l.Line.Contains("ab", StringComparison.Ordinal)).Select(static l => $"{l.Number}:{l.Line}");
            Assert.Equal(expected, Find(new LineMatcher("ab"u8.ToArray()), text, random));
        }
    }

    [Fact]
    public void An_expression_matches_text_and_what_is_none_is_no_obstacle()
    {
        var matcher = new LineMatcher(new Regex("straße$", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking));
        byte[] text = [.. Encoding.UTF8.GetBytes("Hauptstraße\nSTRASSE\nStraße 5\n"), 0xFF, 0xFE, .. Encoding.UTF8.GetBytes(" Alte Straße")];
        Assert.Equal(2, Find(matcher, text, new Random(1)).Count);
    }

    [Fact]
    public void Of_an_endless_line_only_the_beginning_is_kept()
    {
        byte[] piece = new byte[100_000];
        int found = 0;
        var search = new LineSearch(new LineMatcher("needle"u8.ToArray()), (number, line) =>
        {
            found++;
            Assert.Equal((1, LineSearch.LongestLine), (number, line.Length));
            return true;
        });
        search.Take("needle"u8);
        for (int i = 0; i < 100; i++) { Assert.True(search.Take(piece)); }
        search.Take("needle"u8);
        search.End();
        Assert.Equal(1, found);
    }

    [Fact]
    public void Who_has_enough_gets_no_more()
    {
        int found = 0;
        var search = new LineSearch(new LineMatcher("a"u8.ToArray()), (_, _) => ++found < 2);
        Assert.False(search.Take("a\na\na\n"u8));
        Assert.Equal(2, found);
    }

    private static List<string> Find(LineMatcher matcher, byte[] text, Random random)
    {
        var found = new List<string>();
        var search = new LineSearch(matcher, (number, line) =>
        {
            found.Add($"{number}:{Encoding.Latin1.GetString(line)}");
            return true;
        });
        for (int at = 0; at < text.Length;)
        {
            int length = Math.Min(text.Length - at, random.Next(1, 12));
            Assert.True(search.Take(text.AsSpan(at, length)));
            at += length;
        }

        search.End();
        return found;
    }
}
