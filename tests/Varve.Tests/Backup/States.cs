using System.Buffers.Binary;

namespace Varve.Tests.Backup;

/// <summary>
/// Content that tells which states of a file it comes from: blocks of 64 bytes, each made of nothing but the number of the state it belongs
/// to. A state's length follows from its number where lengths vary.
/// </summary>
internal static class States
{
    private const int Block = 64;

    /// <summary>A state that always has that many blocks.</summary>
    internal static byte[] Fixed(long number, int blocks) => Fill(number, blocks);

    /// <summary>A state whose length is its own.</summary>
    internal static byte[] Varying(long number) => Fill(number, Blocks(number));

    /// <summary>
    /// Whether a file that is overwritten from its beginning, again and again, can have stood like this at a moment: one state, or the
    /// beginning of the next and the rest of this while a single write is under way.
    /// </summary>
    internal static bool IsMomentOfOverwriting(ReadOnlySpan<byte> file)
    {
        long first = -1, last = -1;
        for (int at = 0; at < file.Length; at += Block)
        {
            if (!TryNumber(file[at..], out long number)) { return false; }
            if (at == 0) { first = last = number; }
            if (number > last || number < first - 1) { return false; }
            last = number;
        }

        return true;
    }

    /// <summary>
    /// Whether a file of states that follow each other can have stood like this: each whole, except that the last may be under way.
    /// </summary>
    internal static bool IsMomentOfAppending(ReadOnlySpan<byte> file, bool mayBeUnderWay)
    {
        for (long expected = -1; file.Length > 0; expected++)
        {
            if (!TryNumber(file, out long number) || (expected >= 0 && number != expected)) { return false; }
            expected = number;
            byte[] whole = Varying(number);
            int length = Math.Min(whole.Length, file.Length);
            if ((length < whole.Length && !mayBeUnderWay) || !file[..length].SequenceEqual(whole.AsSpan(0, length))) { return false; }
            file = file[length..];
        }

        return true;
    }

    /// <summary>The states in a file and how many blocks there are of each, in the order of the file: for messages.</summary>
    internal static string Describe(ReadOnlySpan<byte> file)
    {
        var runs = new List<(long Number, int Blocks)>();
        for (int at = 0; at < file.Length; at += Block)
        {
            if (!TryNumber(file[at..], out long number)) { number = -1; }
            if (runs.Count > 0 && runs[^1].Number == number) { runs[^1] = (number, runs[^1].Blocks + 1); }
            else { runs.Add((number, 1)); }
        }

        return string.Join(", ", runs.Select(static r => $"{r.Blocks} of {r.Number}"));
    }

    private static bool TryNumber(ReadOnlySpan<byte> block, out long number)
    {
        number = -1;
        if (block.Length < Block) { return false; }
        number = BinaryPrimitives.ReadInt64LittleEndian(block);
        Span<byte> expected = stackalloc byte[Block];
        FillBlock(expected, number);
        return block[..Block].SequenceEqual(expected);
    }

    private static int Blocks(long number) => 10 + (int)(number * 7919 % 3000);

    private static byte[] Fill(long number, int blocks)
    {
        var bytes = new byte[blocks * Block];
        for (int at = 0; at < bytes.Length; at += Block) { FillBlock(bytes.AsSpan(at, Block), number); }
        return bytes;
    }

    private static void FillBlock(Span<byte> block, long number)
    {
        for (int at = 0; at < Block; at += 8) { BinaryPrimitives.WriteInt64LittleEndian(block[at..], number); }
    }
}
