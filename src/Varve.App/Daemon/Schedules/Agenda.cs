using Varve.App.Settings.Daemon;
using Varve.App.Settings.Values;

namespace Varve.App.Daemon.Schedules;

/// <summary>
/// Decides when something is due: by what was said of it, what was, and what time it is. Pure. What was missed while the machine was off or
/// asleep, or the daemon did not run, comes once, however many times of the schedule went by.
/// </summary>
internal static class Agenda
{
    /// <summary>A clock that seems to have gone back by no more was set right; by more, what it showed before counts for nothing.</summary>
    internal static readonly TimeSpan LongestJump = TimeSpan.FromHours(1);

    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    /// <summary>When it is due: now or before, that is at once; null: never again.</summary>
    internal static DateTimeOffset? DueAt(ISchedule schedule, TimeWindow? window, JobPast past, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (past.IsAsked) { return now; }
        DateTimeOffset? wanted = past.LooksAtOnce || past.Slot is null ? now : Scheduled(schedule, past, now, zone);
        if (wanted is not { } at || window is not { } open) { return wanted; }
        return OpensAt(open, at > now ? at : now, zone);
    }

    /// <summary>The first moment from <paramref name="time"/> on that lies in the window.</summary>
    internal static DateTimeOffset OpensAt(TimeWindow window, DateTimeOffset time, TimeZoneInfo zone)
    {
        DateTime local = TimeZoneInfo.ConvertTime(time, zone).DateTime;
        if (window.Has(local.TimeOfDay)) { return time; }
        // Today it may have opened already, or, in an hour that comes twice, be about to open again.
        for (DateTime day = local.Date; ; day += s_day)
        {
            DateTime opens = day + TimeSpan.FromMinutes(window.From);
            // An hour that summer time leaves out: the window opens with the hour after it.
            while (zone.IsInvalidTime(opens)) { opens = opens.AddMinutes(1); }
            TimeSpan[] offsets = zone.IsAmbiguousTime(opens) ? zone.GetAmbiguousTimeOffsets(opens) : [zone.GetUtcOffset(opens)];
            foreach (TimeSpan offset in offsets.OrderDescending())
            {
                var at = new DateTimeOffset(opens, offset);
                if (at > time) { return at.ToUniversalTime(); }
            }
        }
    }

    private static DateTimeOffset? Scheduled(ISchedule schedule, JobPast past, DateTimeOffset now, TimeZoneInfo zone)
    {
        DateTimeOffset slot = past.Slot!.Value;
        // The clock was set back by hours: what it showed then was wrong, or is now; either way the next run is not to wait for it.
        if (slot > now + schedule.Tolerance) { return schedule.IsSpan ? now : schedule.NextAfter(now, zone); }
        DateTimeOffset? next = schedule.NextAfter(slot, zone);
        if (past.RetryAt is not { } retry) { return next; }
        // A time to try again that lies far ahead is of a clock that was set back, too.
        if (retry > now + LongestJump + LongestJump) { retry = now; }
        return next is null || retry < next ? retry : next;
    }
}
