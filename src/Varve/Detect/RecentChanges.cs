namespace Varve.Detect;

/// <summary>Which changes are so recent that equal stats before and after reading prove nothing (decision 0022).</summary>
internal static class RecentChanges
{
    /// <summary>
    /// The kernel writes out what is dirty within 35 s, unless told otherwise; and few write calls take longer than a minute.
    /// </summary>
    private const long Nanoseconds = 60_000_000_000;

    /// <summary>What was changed after this is recent for a run that began then.</summary>
    internal static FileTime After(FileTime start) => start.Minus(Nanoseconds);
}
