using System.Buffers.Binary;
using System.Numerics;

namespace Varve.Model.Bytes;

/// <summary>
/// CRC-32C (Castagnoli, RFC 3720 appendix B.4: initial value and final inversion of all ones). Finds accidents, not attackers.
/// </summary>
internal static class Crc32C
{
    /// <summary>The checksum of <paramref name="bytes"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (byte b in bytes) { crc = BitOperations.Crc32C(crc, b); }
        return ~crc;
    }
}
