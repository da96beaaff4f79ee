namespace Varve.Archives.Codec;

/// <summary>
/// The CRC-32 of zip and gzip (reflected polynomial 0xEDB88320) of two parts that lie one behind the other, by arithmetic: what threads
/// computed of each. That of a part itself is <see cref="System.IO.Hashing.Crc32"/>'s. Stateless, thread-safe, allocates nothing.
/// </summary>
internal static class CrcParts
{
    private const uint Polynomial = 0xEDB88320;

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
}
