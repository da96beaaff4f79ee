using Varve.Model.Bytes;

namespace Varve.Archives.Plan;

/// <summary>
/// A line of what is sorted: bytes without NUL, whose order is that of the names, then of the sides, then newest first. Numbers are digits
/// of base 128 with the highest bit set; in a name 0x01 and 0x02, which nobody uses, are written as two bytes, so that 0x01 ends it.
/// Stateless.
/// </summary>
internal static class PlanRecord
{
    /// <summary>What ends a name.</summary>
    internal const byte End = 1;

    private const byte Escape = 2;
    private const int SecondDigits = 8, NanoDigits = 5, SizeDigits = 9;

    // Seconds of 55 bits: as many as any file system keeps.
    private const long Bias = 1L << 54;

    /// <summary>Bytes of a time, and of a size.</summary>
    internal const int TimeLength = SecondDigits + NanoDigits, SizeLength = SizeDigits;

    private static readonly long[] s_precisions =
        [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 60_000_000_000, 86_400_000_000_000];

    /// <summary>Writes a name that <see cref="End"/> may follow.</summary>
    internal static void PutName(ByteWriter into, ReadOnlySpan<byte> name)
    {
        while (name.IndexOfAny(End, Escape) is var at and >= 0)
        {
            into.Raw(name[..at]);
            into.U8(Escape);
            into.U8((byte)(name[at] + 0x10));
            name = name[(at + 1)..];
        }

        into.Raw(name);
    }

    /// <summary>Reads what <see cref="PutName"/> wrote.</summary>
    internal static void GetName(ReadOnlySpan<byte> name, ByteWriter into)
    {
        while (name.IndexOf(Escape) is var at and >= 0 && at + 1 < name.Length)
        {
            into.Raw(name[..at]);
            into.U8((byte)(name[at + 1] - 0x10));
            name = name[(at + 2)..];
        }

        into.Raw(name);
    }

    /// <summary>Writes a time; <paramref name="isNewestFirst"/>: so that a later one comes first.</summary>
    internal static void PutTime(ByteWriter into, FileTime time, bool isNewestFirst)
    {
        long seconds = Math.Clamp(time.Seconds, -Bias, Bias - 1) + Bias, nanoseconds = time.Nanoseconds;
        if (isNewestFirst) { (seconds, nanoseconds) = ((2 * Bias) - 1 - seconds, 999_999_999 - nanoseconds); }
        Put(into, seconds, SecondDigits);
        Put(into, nanoseconds, NanoDigits);
    }

    /// <summary>Reads one.</summary>
    internal static FileTime GetTime(ReadOnlySpan<byte> bytes, bool isNewestFirst)
    {
        long seconds = Get(bytes[..SecondDigits]), nanoseconds = Get(bytes.Slice(SecondDigits, NanoDigits));
        if (isNewestFirst) { (seconds, nanoseconds) = ((2 * Bias) - 1 - seconds, 999_999_999 - nanoseconds); }
        return new FileTime(seconds - Bias, (int)nanoseconds);
    }

    /// <summary>Writes a size; <paramref name="isLargestFirst"/>: so that a larger one comes first. -1 is none.</summary>
    internal static void PutSize(ByteWriter into, long size, bool isLargestFirst)
    {
        long value = Math.Min(size, long.MaxValue - 1) + 1;
        Put(into, isLargestFirst ? long.MaxValue - value : value, SizeDigits);
    }

    /// <summary>Reads one.</summary>
    internal static long GetSize(ReadOnlySpan<byte> bytes, bool isLargestFirst)
    {
        long value = Get(bytes[..SizeDigits]);
        return (isLargestFirst ? long.MaxValue - value : value) - 1;
    }

    /// <summary>Writes what the last place of a time stands for, in nanoseconds; 0 for no time.</summary>
    internal static void PutPrecision(ByteWriter into, long precision)
    {
        int index = 0;
        while (index < s_precisions.Length - 1 && s_precisions[index] < precision) { index++; }
        into.U8((byte)(precision == 0 ? 0xFF : 0x80 + index));
    }

    /// <summary>Reads it.</summary>
    internal static long GetPrecision(byte value) => value == 0xFF ? 0 : s_precisions[value - 0x80];

    private static void Put(ByteWriter into, long value, int digits)
    {
        Span<byte> room = into.Reserve(digits);
        for (int i = digits - 1; i >= 0; i--, value >>>= 7) { room[i] = (byte)(0x80 | (value & 0x7F)); }
    }

    private static long Get(ReadOnlySpan<byte> digits)
    {
        long value = 0;
        foreach (byte digit in digits) { value = (value << 7) | (uint)(digit & 0x7F); }
        return value;
    }
}
