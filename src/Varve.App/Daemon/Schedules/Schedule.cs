using Varve.App.Settings.Configuration;

namespace Varve.App.Daemon.Schedules;

/// <summary>Schedules of what was said of them.</summary>
internal static class Schedule
{
    /// <summary>The schedule that is said.</summary>
    /// <exception cref="VarveException">Usage: a cron expression makes no sense.</exception>
    internal static ISchedule Of(ScheduleConfig said) => said.Cron is { } cron ? CronSchedule.Parse(cron, said.CronPlace)
        : new SpanSchedule(said.Every ?? throw new InvalidOperationException("It is not said when."));

    /// <summary>How many times one has in a span that begins at a moment, but at least one, and at most <paramref name="most"/>.</summary>
    internal static int CountIn(ISchedule schedule, TimeSpan span, DateTimeOffset from, TimeZoneInfo zone, int most)
    {
        int count = 0;
        DateTimeOffset end = from + span;
        DateTimeOffset? at = schedule.NextAfter(from, zone);
        while (at <= end && count < most)
        {
            count++;
            at = schedule.NextAfter(at.Value, zone);
        }

        return Math.Max(1, count);
    }
}
