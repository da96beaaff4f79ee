using System.Buffers.Binary;

namespace Varve.Lookup;

/// <summary>
/// One line of a sieve: 64 bytes, a processor's cache line, that say of some 40 neighbouring records of a run where their ids lie, roughly.
/// The range of all ids is divided evenly among the lines; within its line an id's position is a number of 10 bits. A line holds the index
/// of its first record (u32), how many records it has (u8, 255: more than it can hold), that number again, disguised (a line of zeros is
/// damage, not an empty one), and for each record the difference of its position to the one before.
/// </summary>
internal static class SieveLine
{
    internal const int Length = 64, PerLine = 40;

    private const int CountAt = 4, CheckAt = 5, FirstAt = 6, Capacity = Length - FirstAt, PositionBits = 10;
    private const byte Overflow = 255, Disguise = 0xA5;

    /// <summary>How many lines a run has.</summary>
    internal static uint Lines(uint chunks) => Math.Max(1, (chunks + PerLine - 1) / PerLine);

    /// <summary>The line of an id, by its first 64 bits, and its position there.</summary>
    internal static uint Locate(ulong prefix, uint lines, out int position)
    {
        ulong line = Math.BigMul(prefix, (ulong)lines, out ulong fraction);
        position = (int)(fraction >> (64 - PositionBits));
        return (uint)line;
    }

    /// <summary>Fills a line with records from <paramref name="first"/> on, whose positions ascend.</summary>
    internal static void Write(Span<byte> line, uint first, ReadOnlySpan<int> positions)
    {
        line.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(line, first);
        int last = 0, i = 0;
        for (; i < positions.Length && i < Capacity && positions[i] - last <= byte.MaxValue; i++)
        {
            line[FirstAt + i] = (byte)(positions[i] - last);
            last = positions[i];
        }

        byte count = i == positions.Length ? (byte)i : Overflow;
        line[CountAt] = count;
        line[CheckAt] = (byte)(count ^ Disguise);
    }

    /// <summary>
    /// The records that may be the one at a position: <paramref name="count"/> of them from <paramref name="first"/> on, often none; -1 for
    /// all of the line. False if this is no line.
    /// </summary>
    internal static bool TryMatch(ReadOnlySpan<byte> line, int position, out uint first, out int count)
    {
        first = BinaryPrimitives.ReadUInt32LittleEndian(line);
        int records = line[CountAt];
        count = records == Overflow ? -1 : 0;
        if (line[CheckAt] != (byte)(records ^ Disguise) || (records > Capacity && records != Overflow)) { return false; }
        if (count < 0) { return true; }
        int at = 0, i = 0;
        for (; i < records; i++)
        {
            at += line[FirstAt + i];
            if (at >= position) { break; }
        }

        if (i == records || at != position) { return true; }
        first += (uint)i;
        for (count = 1; i + count < records && line[FirstAt + i + count] == 0;) { count++; }
        return true;
    }
}
