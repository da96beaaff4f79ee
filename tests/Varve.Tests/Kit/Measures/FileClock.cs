namespace Varve.Tests.Kit.Measures;

/// <summary>The clock that stamps files.</summary>
internal static class FileClock
{
    /// <summary>
    /// Waits until it is early in a second, so that what follows fits into it; not at its very beginning, because that clock moves with the
    /// kernel's tick and stays up to 10 ms behind the system's: what is written then would still be of the second before.
    /// </summary>
    public static void AwaitSecond() => Thread.Sleep(1050 - TimeProvider.System.GetUtcNow().Millisecond);

    /// <summary>
    /// Waits until what was written is older than a tick of that clock (10 ms at most), so that its timestamps prove something. Longer does
    /// no harm.
    /// </summary>
    public static void Settle() => Thread.Sleep(50);

    /// <summary>
    /// The same where timestamps may be whole seconds, or the file system's granularity is not known: then two seconds count as one moment.
    /// </summary>
    public static void SettleCoarse() => Thread.Sleep(2100);
}
