using System.Diagnostics;

namespace Varve.Tests.Kit;

/// <summary>Waits for what must come and has no gate: the kernel's doing, another program's.</summary>
internal static class Poll
{
    /// <summary>
    /// Until it is so; fails when it is not within <see cref="Within.Limit"/>. Between two looks twice as long passes as a look took: looks
    /// that start a program would keep a processor from what is waited for.
    /// </summary>
    internal static void Until(Func<bool> isSo, string what)
    {
        long began = Stopwatch.GetTimestamp();
        for (long asked = began; !isSo(); asked = Stopwatch.GetTimestamp())
        {
            double took = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
            Assert.True(Stopwatch.GetElapsedTime(began) < Within.Limit, $"in {Within.Limit} it did not come to this: {what}");
            Thread.Sleep((int)Math.Clamp(2 * took, 5, 1000));
        }
    }
}
