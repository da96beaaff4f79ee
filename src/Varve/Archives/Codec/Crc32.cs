using System.Buffers.Binary;

namespace Varve.Archives.Codec;

/// <summary>
/// The CRC-32 of zip and gzip (reflected polynomial 0xEDB88320): eight bytes at a time by tables, and of two parts that lie one behind the
/// other by arithmetic. Stateless, thread-safe, allocates nothing.
/// </summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private static readonly uint[] s_tables = MakeTables();

    /// <summary>The CRC of what led to <paramref name="crc"/> (0 for nothing) followed by <paramref name="bytes"/>.</summary>
    internal static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        uint[] t = s_tables;
        crc = ~crc;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            uint one = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            uint two = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = t[0x700 + (one & 0xFF)] ^ t[0x600 + ((one >> 8) & 0xFF)] ^ t[0x500 + ((one >> 16) & 0xFF)] ^ t[0x400 + (one >> 24)]
                ^ t[0x300 + (two & 0xFF)] ^ t[0x200 + ((two >> 8) & 0xFF)] ^ t[0x100 + ((two >> 16) & 0xFF)] ^ t[two >> 24];
        }

        foreach (byte b in bytes) { crc = t[(crc ^ b) & 0xFF] ^ (crc >> 8); }
        return ~crc;
    }

    /// <summary>The CRC of two parts by those of each; the second has that many bytes.</summary>
    internal static uint Combine(uint first, uint second, long length)
    {
        // Appending a byte of zeros multiplies by x^8 modulo the polynomial; so many of them by squaring.
        uint power = 0x00800000; // x^8
        for (; length > 0; length >>= 1)
        {
            if ((length & 1) != 0) { first = Multiply(power, first); }
            power = Multiply(power, power);
        }

        return first ^ second;
    }

    private static uint Multiply(uint a, uint b)
    {
        uint product = 0;
        for (uint bit = 0x80000000; bit != 0; bit >>= 1)
        {
            if ((a & bit) != 0) { product ^= b; }
            b = (b & 1) != 0 ? (b >> 1) ^ Polynomial : b >> 1;
        }

        return product;
    }

    private static uint[] MakeTables()
    {
        var tables = new uint[8 * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++) { crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1; }
            tables[i] = crc;
        }

        for (int i = 256; i < tables.Length; i++) { tables[i] = tables[tables[i - 256] & 0xFF] ^ (tables[i - 256] >> 8); }
        return tables;
    }
}
