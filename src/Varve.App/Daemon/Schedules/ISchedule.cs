namespace Varve.App.Daemon.Schedules;

/// <summary>When something is to be done. Immutable.</summary>
internal interface ISchedule
{
    /// <summary>The first time after one; null if there is none any more.</summary>
    DateTimeOffset? NextAfter(DateTimeOffset time, TimeZoneInfo zone);

    /// <summary>
    /// Whether it is told by how long ago the last time was, and not by the clock on the wall: then a new beginning may look at once.
    /// </summary>
    bool IsSpan { get; }

    /// <summary>How far back the clock may seem to have gone before what was done counts as done at a time that never was.</summary>
    TimeSpan Tolerance { get; }
}
