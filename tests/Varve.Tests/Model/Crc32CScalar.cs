using Varve.Model.Bytes;

namespace Varve.Tests.Model;

/// <summary>The plain table-driven CRC-32C, one byte at a time: what <see cref="Crc32C"/> is tested against. Thread-safe.</summary>
internal static class Crc32CScalar
{
    private const uint ReflectedPolynomial = 0x82F63B78;

    private static readonly uint[] Table = CreateTable();

    /// <inheritdoc cref="Crc32C.Compute"/>
    public static uint Compute(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data) { crc = Table[(byte)(crc ^ value)] ^ (crc >> 8); }

        return ~crc;
    }

    private static uint[] CreateTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++) { value = (value & 1) != 0 ? (value >> 1) ^ ReflectedPolynomial : value >> 1; }

            table[i] = value;
        }

        return table;
    }
}
