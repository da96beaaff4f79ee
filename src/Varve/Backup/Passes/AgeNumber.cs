using System.Numerics;

namespace Varve.Backup.Passes;

/// <summary>
/// A number of 128 bits that tells how new a file is (<see cref="AgeOrder"/>), or how far apart two are. Arithmetic of its own: that of the
/// runtime's is not compiled ahead.
/// </summary>
/// <param name="Time">The upper half: ticks of the file's time.</param>
/// <param name="Tie">The lower half, for files of one time.</param>
internal readonly record struct AgeNumber(ulong Time, ulong Tie)
{
    /// <summary>The place of the highest bit that is set, from 0 on; 0 for nothing.</summary>
    internal int Log2 => Time != 0 ? 64 + BitOperations.Log2(Time) : BitOperations.Log2(Tie);

    /// <summary>So many bits shifted left, below 128.</summary>
    internal static AgeNumber Shifted(ulong value, int bits) => bits == 0 ? new AgeNumber(0, value)
        : bits < 64 ? new AgeNumber(value >> (64 - bits), value << bits)
        : new AgeNumber(value << (bits - 64), 0);

    /// <summary>The lowest 64 bits after as many have been shifted out, below 128.</summary>
    internal ulong From(int bit) => bit == 0 ? Tie : bit < 64 ? (Tie >> bit) | (Time << (64 - bit)) : Time >> (bit - 64);

    public static AgeNumber operator -(AgeNumber a, AgeNumber b) =>
        unchecked(new AgeNumber(a.Time - b.Time - (a.Tie < b.Tie ? 1UL : 0), a.Tie - b.Tie));

    public static bool operator <(AgeNumber a, AgeNumber b) => a.Time < b.Time || (a.Time == b.Time && a.Tie < b.Tie);

    public static bool operator >(AgeNumber a, AgeNumber b) => b < a;

    public static bool operator <=(AgeNumber a, AgeNumber b) => !(b < a);

    public static bool operator >=(AgeNumber a, AgeNumber b) => !(a < b);
}
