namespace Varve.Compare.Report;

/// <summary>How a target compares.</summary>
internal enum GoalKind
{
    /// <summary>The other's time divided by ours is at least the bound.</summary>
    TimesAsFast,

    /// <summary>Our figure divided by the other's is at most the bound.</summary>
    TimesTheFigure,

    /// <summary>Our time is at most the bound, in seconds.</summary>
    Seconds,

    /// <summary>Our time is at most the bound, in seconds, more than that of another row of ours.</summary>
    SecondsMore,

    /// <summary>The peak memory of every piece of our work is at most the bound, in bytes.</summary>
    PeakMemory,

    /// <summary>
    /// Our peak memory at the target's size is at most the bound times that at a tenth of it, in the row or in each that was measured at
    /// both sizes.
    /// </summary>
    PeakGrowth,
}
