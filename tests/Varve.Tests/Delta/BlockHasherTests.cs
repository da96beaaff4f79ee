using Varve.Delta;

namespace Varve.Tests.Delta;

public sealed class BlockHasherTests
{
    [Fact]
    public void The_fast_hash_is_the_plain_one_and_depends_on_the_key()
    {
        var keys = new DeltaKeys(new byte[32]);
        byte[] otherKey = new byte[32];
        otherKey[31] = 1;
        using BlockHasher fast = new(keys), plain = new(keys, isPlain: true), other = new(new DeltaKeys(otherKey));
        for (int length = 0; length < 5000; length += 61)
        {
            byte[] bytes = new byte[length];
            new Random(length).NextBytes(bytes);
            Assert.Equal(plain.Strong(bytes), fast.Strong(bytes));
            Assert.NotEqual(plain.Strong(bytes), other.Strong(bytes));
        }
    }
}
