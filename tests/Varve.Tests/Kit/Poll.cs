using System.Diagnostics;

namespace Varve.Tests.Kit;

/// <summary>Waits for what must come and has no gate: the kernel's doing, another program's.</summary>
internal static class Poll
{
    /// <summary>Until it is so; fails when it is not within <see cref="Within.Limit"/>.</summary>
    internal static void Until(Func<bool> isSo, string what)
    {
        long began = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Within.Limit, $"in {Within.Limit} it did not come to this: {what}");
            Thread.Sleep(5);
        }
    }
}
