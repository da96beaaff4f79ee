using System.Buffers.Text;
using Varve.Model.Bytes;

namespace Varve.Archives.Lists;

/// <summary>Numbers and times as lists have them, in bytes. Stateless; allocates nothing.</summary>
internal static class ListNumbers
{
    private const int FractionDigits = 9;

    /// <summary>A number in decimal digits and nothing else.</summary>
    internal static bool TryDecimal(ReadOnlySpan<byte> text, out ulong value) =>
        Utf8Parser.TryParse(text, out value, out int used) && used == text.Length && IsDigit(text[0]);

    /// <summary>A number in octal digits of at most 6 places.</summary>
    internal static bool TryOctal(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        if (text.IsEmpty || text.Length > 6) { return false; }
        foreach (byte digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'7') { return false; }
            value = (value << 3) | (digit - '0');
        }

        return true;
    }

    /// <summary>A number in hexadecimal digits of at most 4 places.</summary>
    internal static bool TryHex(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        return text.Length is > 0 and <= 4 && Utf8Parser.TryParse(text, out value, out int used, 'x') && used == text.Length;
    }

    /// <summary>
    /// Seconds since 1970, with or without a fraction, of which nine digits count. <paramref name="precision"/> is what its last digit
    /// stands for, in nanoseconds. <paramref name="addsFraction"/>: before 1970 the fraction is to be added, as find prints it: -2.4 is
    /// 1.6 seconds before 1970; without, as stat prints it, 2.4.
    /// </summary>
    internal static bool TryTime(ReadOnlySpan<byte> text, bool addsFraction, out FileTime time, out long precision)
    {
        time = default;
        precision = 1_000_000_000;
        bool isNegative = text is [(byte)'-', ..];
        ReadOnlySpan<byte> digits = isNegative ? text[1..] : text;
        int point = digits.IndexOf((byte)'.');
        ReadOnlySpan<byte> whole = point < 0 ? digits : digits[..point];
        if (whole.Length is 0 or > 18 || !TryDecimal(whole, out ulong seconds)) { return false; }
        int nanoseconds = 0;
        if (point >= 0)
        {
            ReadOnlySpan<byte> fraction = digits[(point + 1)..];
            if (fraction.IsEmpty || fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9')) { return false; }
            for (int i = 0; i < FractionDigits; i++)
            {
                nanoseconds = (nanoseconds * 10) + (i < fraction.Length ? fraction[i] - '0' : 0);
                if (i < fraction.Length) { precision /= 10; }
            }
        }

        time = !isNegative ? new FileTime((long)seconds, nanoseconds)
            : nanoseconds == 0 || (addsFraction && seconds > 0) ? new FileTime(-(long)seconds, nanoseconds)
            : new FileTime(-(long)seconds - 1, 1_000_000_000 - nanoseconds);
        return true;
    }

    /// <summary>A number in decimal digits.</summary>
    internal static void Put(ByteWriter into, ulong value)
    {
        Span<byte> room = into.Reserve(20);
        Utf8Formatter.TryFormat(value, room, out int used);
        into.Truncate(into.Length - room.Length + used);
    }

    /// <summary>A number in digits of some base of 8 or 16.</summary>
    internal static void Put(ByteWriter into, int value, int bits)
    {
        Span<byte> digits = stackalloc byte[11];
        int at = digits.Length;
        do
        {
            digits[--at] = "0123456789abcdef"u8[value & ((1 << bits) - 1)];
            value >>>= bits;
        }
        while (value != 0);
        into.Raw(digits[at..]);
    }

    /// <summary>
    /// Seconds, with the nine digits of a fraction if <paramref name="isWhole"/> is false; <paramref name="addsFraction"/> as in
    /// <see cref="TryTime"/>.
    /// </summary>
    internal static void Put(ByteWriter into, FileTime time, bool isWhole, bool addsFraction)
    {
        (long seconds, int nanoseconds) = (time.Seconds, time.Nanoseconds);
        if (isWhole) { nanoseconds = 0; }
        if (seconds < 0)
        {
            into.U8((byte)'-');
            if (nanoseconds != 0 && !addsFraction) { (seconds, nanoseconds) = (seconds + 1, 1_000_000_000 - nanoseconds); }
        }

        Put(into, (ulong)Math.Abs(Math.Max(seconds, -long.MaxValue)));
        if (isWhole) { return; }
        into.U8((byte)'.');
        Span<byte> fraction = into.Reserve(FractionDigits);
        for (int i = FractionDigits - 1; i >= 0; i--, nanoseconds /= 10) { fraction[i] = (byte)('0' + (nanoseconds % 10)); }
    }

    private static bool IsDigit(byte value) => value is >= (byte)'0' and <= (byte)'9';
}
