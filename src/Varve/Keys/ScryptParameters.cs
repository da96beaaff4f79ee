using System.Numerics;

namespace Varve.Keys;

/// <summary>The cost of a password guess (RFC 7914): <see cref="Memory"/>, and time in proportion to N * R * P.</summary>
/// <param name="N">A power of two above 1.</param>
/// <param name="R">Block size.</param>
/// <param name="P">Repetitions.</param>
internal readonly record struct ScryptParameters(ulong N, uint R, uint P)
{
    /// <summary>What new slots use: 64 MiB.</summary>
    public static ScryptParameters Default => new(65536, 8, 2);

    /// <summary>What the time is in proportion to.</summary>
    public ulong Work => N * R * P;

    /// <summary>
    /// The bytes that computing takes: a table of N blocks of 128 * R bytes, P blocks to begin with, and two to work in.
    /// </summary>
    public UInt128 Memory => (UInt128)128 * R * ((UInt128)N + P + 2);

    // The bounds of docs/format.md, 4: what a hostile slot can make a reader allocate and compute. The MiB more is for all but the table.
    private const ulong MaxMemory = (1UL << 30) + (1UL << 20);
    private const uint MaxP = 16;

    /// <summary>True if a reader accepts them: within the format's bounds, and legal for RFC 7914.</summary>
    public bool AreAcceptable =>
        N >= 2 && BitOperations.IsPow2(N)
        && R >= 1 && P is >= 1 and <= MaxP
        && Memory <= MaxMemory
        && (R >= 4 || N < 1UL << (int)(16 * R));
}
