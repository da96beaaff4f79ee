using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Varve.Model;

namespace Varve.Keys;

/// <summary>
/// A line of a paper key: up to 15 bytes as groups of four digits, the last of which checks the others and the line's number
/// (docs/format.md, 4.1). Stateless.
/// </summary>
internal static class PaperLine
{
    /// <summary>Bytes in every line but the last, which may have fewer.</summary>
    internal const int MostBytes = 15;

    private const int Group = 4, CheckDigits = 4;

    /// <summary>The line as it is printed, with its number.</summary>
    internal static string Of(int number, ReadOnlySpan<byte> bytes)
    {
        string digits = PaperDigits.Of(bytes);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{number,2}:");
        for (int i = 0; i < digits.Length; i += Group) { text.Append(' ').Append(digits.AsSpan(i, Math.Min(Group, digits.Length - i))); }
        return text.Append(' ').Append(Check(number, bytes)).ToString();
    }

    /// <summary>
    /// Reads line <paramref name="number"/> into <paramref name="bytes"/>, of which it has so many. Spaces, tabs and hyphens between digits
    /// do not count; its number, with a colon behind it, may be left out.
    /// </summary>
    /// <exception cref="VarveException">WrongKey: which line, and what is wrong with it.</exception>
    internal static void Read(string line, int number, Span<byte> bytes)
    {
        ReadOnlySpan<char> text = line.AsSpan().Trim(" \t\r");
        int colon = text.IndexOf(':');
        if (colon >= 0)
        {
            if (!int.TryParse(text[..colon].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int said))
            {
                throw Wrong(number, "does not begin with a number");
            }

            if (said != number) { throw Wrong(number, $"is missing: there is line {said}"); }
            text = text[(colon + 1)..];
        }

        var digits = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (c is ' ' or '\t' or '-') { continue; }
            digits.Append(PaperDigits.IsDigit(c) ? PaperDigits.Plain(c) : throw Wrong(number, $"has a '{c}', which no paper key has"));
        }

        int expected = PaperDigits.Count(bytes.Length) + CheckDigits;
        if (digits.Length != expected) { throw Wrong(number, $"has {digits.Length} characters, not {expected}"); }
        string all = digits.ToString();
        if (!PaperDigits.TryRead(all.AsSpan(0, expected - CheckDigits), bytes) || Check(number, bytes) != all[^CheckDigits..])
        {
            throw Wrong(number, "is not as it was printed: its last four characters do not fit the others");
        }
    }

    /// <summary>An error about one line.</summary>
    internal static VarveException Wrong(int number, string what) =>
        new(ErrorKind.WrongKey, Subject.Request($"line {number} of the paper key"), what, Advice.CompareWithPaper);

    private static string Check(int number, ReadOnlySpan<byte> bytes)
    {
        byte[] checkedBytes = [.. "varve/1 paper line"u8, (byte)number, .. bytes];
        string check = PaperDigits.Of(SHA256.HashData(checkedBytes))[..CheckDigits];
        CryptographicOperations.ZeroMemory(checkedBytes);
        return check;
    }
}
