using Varve.Model.Bytes;

namespace Varve.Tests.Model;

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
    public void Fast_and_plain_agree_at_every_length()
    {
        var random = new Random(1);
        var data = new byte[300];
        for (int i = 0; i < 2000; i++)
        {
            random.NextBytes(data);
            ReadOnlySpan<byte> part = data.AsSpan(random.Next(8), i % 290);
            Assert.Equal(Crc32CScalar.Compute(part), Crc32C.Compute(part));
        }
    }
}
