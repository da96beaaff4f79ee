using System.Buffers.Binary;
using System.Numerics;

namespace Varve.Platform;

/// <summary>
/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78, initial and final complement), with the processor's instruction where there is
/// one. <see cref="Crc32CScalar"/> is the plain version it equals. Thread-safe, no allocation.
/// </summary>
public static class Crc32C
{
    /// <summary>
    /// The checksum of <paramref name="data"/>. With the checksum of preceding bytes as <paramref name="seed"/>, the checksum of both
    /// together: <c>Compute(b, Compute(a)) == Compute(a || b)</c>.
    /// </summary>
    public static uint Compute(ReadOnlySpan<byte> data, uint seed = 0)
    {
        uint crc = ~seed;
        while (data.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }

        foreach (byte value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
