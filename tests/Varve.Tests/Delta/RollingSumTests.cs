using Varve.Delta;

namespace Varve.Tests.Delta;

public sealed class RollingSumTests
{
    [Fact]
    public void The_fast_sum_is_the_plain_one()
    {
        var random = new Random(1);
        for (int i = 0; i < 3_000; i++)
        {
            byte[] bytes = new byte[i < 300 ? i : random.Next(70_000)];
            random.NextBytes(bytes);
            if (i % 3 == 0) { Array.Fill(bytes, (byte)255); }
            Assert.Equal(RollingSumScalar.Of(bytes), RollingSum.Of(bytes));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(4096)]
    [InlineData(65536)]
    public void Rolled_on_it_is_the_sum_of_the_window(int window)
    {
        byte[] bytes = new byte[window + 5_000];
        new Random(window).NextBytes(bytes);
        var sum = new RollingSum(bytes.AsSpan(0, window));
        for (int at = 0; ; at++)
        {
            if (at % 97 == 0) { Assert.Equal(RollingSumScalar.Of(bytes.AsSpan(at, window)), sum.Value); }
            if (at + window == bytes.Length) { break; }
            sum.Roll(bytes[at], bytes[at + window]);
        }
    }
}
