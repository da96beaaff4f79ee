namespace Varve.Tests.Support;

/// <summary>
/// Counts what code allocates on the managed heap. Call the code once before, so that what is made once (tables, pools, compiled code) is not counted. Tests of classes that run at the
/// same time allocate too: <see cref="Of"/> counts this thread only; <see cref="OfAllThreads"/> repeats and takes the least, which is right as soon as one repetition was not disturbed.
/// </summary>
internal static class Allocations
{
    /// <summary>Bytes allocated by this thread.</summary>
    internal static long Of(Action work)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Bytes allocated by the whole process while it runs: the least of several repetitions.</summary>
    internal static long OfAllThreads(Action work, int repetitions = 5)
    {
        long least = long.MaxValue;
        for (int i = 0; i < repetitions; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            work();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return least;
    }
}
