using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Varve.Delta;

/// <summary>
/// The weak hash of a cell: rsync's pair of sums, which moves on by a byte in a few instructions. It finds candidates and proves nothing:
/// everybody can make cells of the same sum. The rule: a = the sum of the bytes, b = the sum of all the values that a had on the way, both
/// modulo 2^16; a is the low half, b the high.
/// </summary>
internal struct RollingSum
{
    // Both sums count modulo 2^16: what overflows above is cut off when the value is taken.
    private uint _a, _b;
    private readonly uint _length;

    /// <summary>Over a first window; <see cref="Roll"/> keeps its length.</summary>
    public RollingSum(ReadOnlySpan<byte> window)
    {
        uint value = Of(window);
        (_a, _b, _length) = (value & 0xFFFF, value >> 16, (uint)window.Length);
    }

    /// <summary>The sum of the window.</summary>
    public readonly uint Value => (_a & 0xFFFF) | (_b << 16);

    /// <summary>Moves the window on: <paramref name="leaves"/> is its first byte, <paramref name="enters"/> the one behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Roll(byte leaves, byte enters)
    {
        _a += (uint)(enters - leaves);
        _b += _a - (_length * leaves);
    }

    /// <summary>The sum of these bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> data)
    {
        // Lanes of 16 bits wrap around, which is what modulo 2^16 asks for. The sum weighted by distance from the end is built up from the
        // plain sums before each step.
        Vector128<ushort> lowSum = default, highSum = default, lowBefore = default, highBefore = default;
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        int whole = data.Length & ~15;
        for (int i = 0; i < whole; i += 16)
        {
            (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.LoadUnsafe(ref bytes, (nuint)i));
            lowBefore += lowSum;
            highBefore += highSum;
            lowSum += low;
            highSum += high;
        }

        Vector128<ushort> lowWeights = Vector128.Create((ushort)16, 15, 14, 13, 12, 11, 10, 9),
            highWeights = Vector128.Create((ushort)8, 7, 6, 5, 4, 3, 2, 1);
        uint a = Vector128.Sum(lowSum + highSum);
        uint b = (16u * Vector128.Sum(lowBefore + highBefore)) + Vector128.Sum((lowSum * lowWeights) + (highSum * highWeights));
        foreach (byte x in data[whole..])
        {
            a += x;
            b += a;
        }

        return (a & 0xFFFF) | (b << 16);
    }
}
