using Varve.Platform;

namespace Varve.Tests.Platform;

public sealed class Crc32CTests
{
    [Fact]
    public void The_check_value_of_the_polynomial_comes_out()
    {
        Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));
        Assert.Equal(0xE3069283u, Crc32CScalar.Compute("123456789"u8));
        Assert.Equal(0u, Crc32C.Compute([]));
    }

    [Fact]
    public void Fast_and_plain_agree_at_every_length_and_seed()
    {
        var random = new Random(1);
        var data = new byte[300];
        for (int i = 0; i < 2000; i++)
        {
            random.NextBytes(data);
            uint seed = (uint)random.NextInt64(1L << 32);
            ReadOnlySpan<byte> part = data.AsSpan(random.Next(8), i % 290);
            Assert.Equal(Crc32CScalar.Compute(part, seed), Crc32C.Compute(part, seed));
        }
    }

    [Fact]
    public void A_seed_continues_where_the_bytes_before_ended()
    {
        var data = new byte[1000];
        new Random(2).NextBytes(data);
        for (int cut = 0; cut <= data.Length; cut += 37)
        {
            Assert.Equal(Crc32C.Compute(data), Crc32C.Compute(data.AsSpan(cut), Crc32C.Compute(data.AsSpan(0, cut))));
        }
    }
}
