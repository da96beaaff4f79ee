using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Varve.Format;

namespace Varve.Chunk;

/// <summary>
/// Cuts content where the content says so: FastCDC (Xia et al., "FastCDC: a Fast and Efficient Content-Defined Chunking Approach for
/// Data Deduplication", USENIX ATC 2016, and "The Design of Fast Content-Defined Chunking for Data Deduplication Based Storage Systems",
/// IEEE TPDS 2020), with normalized chunking of level 2.
/// <para>
/// The rule: from the chunk's byte number min on, hash = 2 * hash + gear[byte] modulo 2^64, starting at 0. The chunk ends with the first
/// byte after which the hash is below 2^(62-b) while the byte's number is below average, or below 2^(66-b) from there on, where b is the
/// integer part of log2(average); with byte max - 1 in any case; or with the content.
/// </para>
/// <para>
/// Invariants: a chunk's end depends on the key, the sizes and the bytes from its start on, and on nothing else: not on how the data came,
/// not on earlier chunks. Every chunk but the last of a content has min + 1 to max bytes. Immutable, thread-safe, no allocation per call.
/// </para>
/// </summary>
internal sealed class Chunker
{
    /// <summary>The smallest minimum: shorter chunks cost more to name than they save.</summary>
    public const int SmallestMin = Limits.MinChunk;

    /// <summary>The largest maximum: what the format allows a chunk to be.</summary>
    public const int LargestMax = Limits.MaxChunk;

    private readonly ulong[] _gear;
    private readonly int _average;
    private readonly ulong _strict, _loose;

    /// <summary>
    /// For one chunker key (32 bytes) and sizes in bytes, <see cref="SmallestMin"/> to <see cref="LargestMax"/>, ascending.
    /// </summary>
    public Chunker(ReadOnlySpan<byte> chunkerKey, int min, int average, int max)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(chunkerKey.Length, 32);
        (_strict, _loose) = Thresholds(min, average, max);
        _gear = GearTable.Derive(chunkerKey);
        Min = min;
        _average = average;
        Max = max;
    }

    /// <summary>No chunk but the last is this short, in bytes.</summary>
    public int Min { get; }

    /// <summary>No chunk is longer, in bytes. Data of this length always holds a boundary.</summary>
    public int Max { get; }

    /// <summary>
    /// The length of the chunk that starts at the start of <paramref name="data"/>, or 0 if more data must come to tell. With
    /// <paramref name="isEnd"/>, nothing follows the data: then 0 means only that it is empty. Give at least <see cref="Max"/> bytes
    /// where there are as many: a call that returns 0 is repeated from the start.
    /// </summary>
    public int FindBoundary(ReadOnlySpan<byte> data, bool isEnd)
    {
        int end = Math.Min(data.Length, Max);
        if (end > Min)
        {
            ulong hash = 0;
            int middle = Math.Min(_average, end);
            int cut = Scan(data, Min, middle, _strict, ref hash);
            if (cut == 0) { cut = Scan(data, middle, end, _loose, ref hash); }

            if (cut != 0) { return cut; }
        }

        return isEnd || end == Max ? end : 0;
    }

    /// <summary>
    /// What the hash must be below to cut, before and after the average: a random hash is with probability 2^-(b+2), then 2^-(b-2), where b
    /// is the average's logarithm. Comparing is the paper's mask of as many bits, all at the top: those depend on the most bytes before.
    /// </summary>
    internal static (ulong Strict, ulong Loose) Thresholds(int min, int average, int max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(min, SmallestMin);
        ArgumentOutOfRangeException.ThrowIfLessThan(average, min);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, average);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, LargestMax);
        int bits = BitOperations.Log2((uint)average);
        return (1UL << (64 - bits - 2), 1UL << (64 - bits + 2));
    }

    // Eight bytes per round; each step is two loads, one shifted add, one compare. Loading each byte is cheaper than shifting it out of a
    // word.
    private int Scan(ReadOnlySpan<byte> data, int start, int end, ulong threshold, ref ulong hash)
    {
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        ref ulong gear = ref MemoryMarshal.GetArrayDataReference(_gear);
        ulong h = hash;
        int i = start;
        for (; i <= end - 8; i += 8)
        {
            ref byte at = ref Unsafe.Add(ref bytes, i);
            h = (h << 1) + Unsafe.Add(ref gear, (nuint)at);
            if (h < threshold) { return i + 1; }
            h = (h << 1) + Unsafe.Add(ref gear, (nuint)Unsafe.Add(ref at, 1));
            if (h < threshold) { return i + 2; }
            h = (h << 1) + Unsafe.Add(ref gear, (nuint)Unsafe.Add(ref at, 2));
            if (h < threshold) { return i + 3; }
            h = (h << 1) + Unsafe.Add(ref gear, (nuint)Unsafe.Add(ref at, 3));
            if (h < threshold) { return i + 4; }
            h = (h << 1) + Unsafe.Add(ref gear, (nuint)Unsafe.Add(ref at, 4));
            if (h < threshold) { return i + 5; }
            h = (h << 1) + Unsafe.Add(ref gear, (nuint)Unsafe.Add(ref at, 5));
            if (h < threshold) { return i + 6; }
            h = (h << 1) + Unsafe.Add(ref gear, (nuint)Unsafe.Add(ref at, 6));
            if (h < threshold) { return i + 7; }
            h = (h << 1) + Unsafe.Add(ref gear, (nuint)Unsafe.Add(ref at, 7));
            if (h < threshold) { return i + 8; }
        }

        for (; i < end; i++)
        {
            h = (h << 1) + Unsafe.Add(ref gear, (nuint)Unsafe.Add(ref bytes, i));
            if (h < threshold) { return i + 1; }
        }

        hash = h;
        return 0;
    }
}
