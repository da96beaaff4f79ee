namespace Varve.Tests.Kit.Measures;

/// <summary>The clock that stamps files. Waiting goes by what it stamps, never by how long it should take.</summary>
internal static class FileClock
{
    /// <summary>Waits until that clock has begun another second, so that what follows fits into it.</summary>
    public static void AwaitSecond()
    {
        long second = Now().Ticks / TimeSpan.TicksPerSecond;
        Poll.Until(() => Now().Ticks / TimeSpan.TicksPerSecond > second, "files are stamped with another second");
    }

    /// <summary>
    /// Waits until what was written is older than some ticks of that clock (10 ms at most each), so that its timestamps prove something.
    /// Longer does no harm.
    /// </summary>
    public static void Settle() => Advance(TimeSpan.FromMilliseconds(50));

    /// <summary>
    /// The same where timestamps may be whole seconds, or the file system's granularity is not known: then two seconds count as one moment.
    /// </summary>
    public static void SettleCoarse() => Advance(TimeSpan.FromMilliseconds(2100));

    private static void Advance(TimeSpan by)
    {
        DateTime end = Now() + by;
        Poll.Until(() => Now() >= end, $"files are stamped {by} later");
    }

    // A new file each time: the kernel stamps one that was looked at by a finer clock.
    private static DateTime Now()
    {
        string path = Path.Combine(ScratchDirectory.Parent, "varve-clock-" + Guid.NewGuid().ToString("N"));
        try
        {
            File.WriteAllBytes(path, []);
            return File.GetLastWriteTimeUtc(path);
        }
        finally { File.Delete(path); }
    }
}
