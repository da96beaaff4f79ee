using System.Text;

namespace Varve.Keys;

/// <summary>
/// Base 32 for people who copy by hand (docs/format.md, 4.1): the digits have no I, L, O and U. What is read may be of either case, and
/// have an O for 0, an I or L for 1. Stateless.
/// </summary>
internal static class PaperDigits
{
    private const string Digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Bits = 5;

    /// <summary>How many digits so many bytes take.</summary>
    internal static int Count(int bytes) => ((bytes * 8) + Bits - 1) / Bits;

    /// <summary>The digits of bytes, the highest bits first; the bits that are missing for the last digit are zero.</summary>
    internal static string Of(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(Count(bytes.Length));
        int held = 0, value = 0;
        foreach (byte b in bytes)
        {
            value = (value << 8) | b;
            held += 8;
            while (held >= Bits)
            {
                held -= Bits;
                text.Append(Digits[(value >> held) & 31]);
            }

            value &= (1 << held) - 1;
        }

        if (held > 0) { text.Append(Digits[(value << (Bits - held)) & 31]); }
        return text.ToString();
    }

    /// <summary>Whether it can be read as a digit.</summary>
    internal static bool IsDigit(char c) => ValueOf(c) >= 0;

    /// <summary>
    /// Fills <paramref name="bytes"/> from as many digits as they take, all of which <see cref="IsDigit"/>; false if a bit that belongs to
    /// no byte is set.
    /// </summary>
    internal static bool TryRead(ReadOnlySpan<char> digits, Span<byte> bytes)
    {
        int held = 0, value = 0, at = 0;
        foreach (char digit in digits)
        {
            value = (value << Bits) | ValueOf(digit);
            held += Bits;
            if (held < 8) { continue; }
            held -= 8;
            bytes[at++] = (byte)(value >> held);
            value &= (1 << held) - 1;
        }

        return value == 0;
    }

    /// <summary>A digit in the one way that it is written.</summary>
    internal static char Plain(char c) => Digits[ValueOf(c)];

    private static int ValueOf(char c) => char.ToUpperInvariant(c) switch
    {
        'O' => 0,
        'I' or 'L' => 1,
        var upper => Digits.IndexOf(upper, StringComparison.Ordinal),
    };
}
