using System.Buffers.Binary;
using System.Security.Cryptography;
using Varve.Delta;

namespace Varve.Tests.Delta;

public sealed class CellHasherTests
{
    private static readonly byte[] s_key = new byte[32];

    [Fact]
    public void The_hash_depends_on_the_key_the_length_and_every_bit()
    {
        byte[] otherKey = [.. s_key];
        otherKey[31] = 1;
        using CellHasher hasher = new(new DeltaKeys(s_key)), same = new(new DeltaKeys(s_key)), other = new(new DeltaKeys(otherKey));
        for (int length = 1; length < 5000; length += 61)
        {
            var random = new Random(length);
            byte[] bytes = new byte[length + 1];
            random.NextBytes(bytes.AsSpan(0, length));
            UInt128 hash = hasher.Strong(bytes.AsSpan(0, length));
            Assert.Equal(hash, same.Strong(bytes.AsSpan(0, length)));
            Assert.NotEqual(hash, other.Strong(bytes.AsSpan(0, length)));
            Assert.NotEqual(hash, hasher.Strong(bytes)); // a zero more
            int bit = random.Next(8 * length);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(hash, hasher.Strong(bytes.AsSpan(0, length)));
        }
    }

    [Fact]
    public void The_hash_is_the_tag_of_GCM_over_nothing_but_associated_data()
    {
        // The definition, from AES itself: GHASH by bits (NIST SP 800-38D, 6.3 and 6.4), then the encrypted first counter cell.
        var keys = new DeltaKeys(s_key);
        using var hasher = new CellHasher(keys);
        using Aes aes = Aes.Create();
        aes.Key = keys.Cells;
        byte[] counter = new byte[16];
        counter[15] = 1;
        UInt128 h = Big(aes.EncryptEcb(new byte[16], PaddingMode.None)), mask = Big(aes.EncryptEcb(counter, PaddingMode.None));
        foreach (int length in (int[])[0, 1, 16, 17, 4096])
        {
            byte[] bytes = RandomNumberGenerator.GetBytes(length);
            UInt128 y = 0;
            for (int i = 0; i < length; i += 16)
            {
                byte[] cell = new byte[16];
                bytes.AsSpan(i, Math.Min(16, length - i)).CopyTo(cell);
                y = Times(y ^ Big(cell), h);
            }

            y = Times(y ^ ((UInt128)(8 * (ulong)length) << 64), h) ^ mask;
            byte[] tag = new byte[16];
            BinaryPrimitives.WriteUInt128BigEndian(tag, y);
            Assert.Equal(BinaryPrimitives.ReadUInt128LittleEndian(tag), hasher.Strong(bytes));
        }
    }

    private static UInt128 Big(byte[] cell) => BinaryPrimitives.ReadUInt128BigEndian(cell);

    private static UInt128 Times(UInt128 x, UInt128 y)
    {
        UInt128 z = 0;
        for (int i = 127; i >= 0; i--)
        {
            if (((x >> i) & 1) != 0) { z ^= y; }
            y = (y & 1) != 0 ? (y >> 1) ^ ((UInt128)0xE1 << 120) : y >> 1;
        }

        return z;
    }
}
