using System.IO.Hashing;
using FsCheck;
using FsCheck.Fluent;
using Varve.Archives.Codec;

namespace Varve.Tests.Archives.Codec;

public sealed class CrcPartsTests
{
    [Fact]
    public void The_CRC_of_two_parts_is_that_of_all() => Prop.ForAll<byte[], byte[]>((first, second) =>
    {
        uint all = Crc32.HashToUInt32([.. first, .. second]);
        return all == CrcParts.Combine(Crc32.HashToUInt32(first), Crc32.HashToUInt32(second), second.Length);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_CRC_is_that_of_zip() => Assert.Equal(0xCBF43926, Crc32.HashToUInt32("123456789"u8));

    [Fact]
    public void Parts_longer_than_32_bits_tell_are_one_all_the_same()
    {
        // A gigabyte of zeros, five times.
        uint zeros = Crc32.HashToUInt32(new byte[1 << 20]);
        uint gigabyte = zeros;
        for (int i = 1; i < 1024; i++) { gigabyte = CrcParts.Combine(gigabyte, zeros, 1 << 20); }
        uint one = 0, other = 0;
        for (int i = 0; i < 5; i++) { one = CrcParts.Combine(one, gigabyte, 1L << 30); }
        for (int i = 0; i < 4; i++) { other = CrcParts.Combine(other, gigabyte, 1L << 30); }
        Assert.Equal(one, CrcParts.Combine(gigabyte, other, 4L << 30));
    }
}
