namespace Varve.Tests.Support;

/// <summary>
/// Counts what code allocates on the managed heap, on the thread that runs it. Call the code once before, so that what is made once (tables, pools, compiled code) is not counted.
/// What several threads allocate together, <see cref="SmallObjects"/> counts.
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
}
