namespace Varve.Tests.Kit.Measures;

/// <summary>
/// Counts what code allocates on the managed heap, on the thread that runs it. What several threads allocate together,
/// <see cref="SmallObjects"/> counts.
/// </summary>
internal static class Allocations
{
    /// <summary>
    /// Bytes that each round of the work allocates: the least of several. The runtime allocates for itself on whatever thread is at hand,
    /// now and then (caches of casts, what is made at a first call); what the work itself allocates, it allocates every time. Call the work
    /// once before if it grows buffers that it keeps.
    /// </summary>
    internal static long Of(Action work, int rounds = 5)
    {
        long least = long.MaxValue;
        for (int i = 0; i < rounds; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
