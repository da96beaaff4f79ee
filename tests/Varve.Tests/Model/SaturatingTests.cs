using Varve.Model;
using Varve.Model.Bounds;

namespace Varve.Tests.Model;

public sealed class SaturatingTests
{
    [Theory]
    [InlineData(1, 2, 3)]
    [InlineData(1L << 62, 1L << 62, long.MaxValue)]
    [InlineData(long.MaxValue, long.MaxValue, long.MaxValue)]
    [InlineData(long.MaxValue, -1, long.MaxValue - 1)]
    [InlineData(long.MinValue, -1, long.MinValue)]
    [InlineData(long.MinValue, long.MaxValue, -1)]
    public void A_sum_stays_at_the_end_it_would_pass(long a, long b, long expected)
    {
        long total = a;
        Saturating.Add(ref total, b);
        Assert.Equal((expected, expected, expected), (Saturating.Add(a, b), total, Saturating.Sum([a, b])));
    }

    [Fact]
    public void Threads_that_add_lose_nothing()
    {
        long total = 0;
        Parallel.For(0, 1000, i => Saturating.Add(ref total, i));
        Assert.Equal(499_500, total);
    }
}
