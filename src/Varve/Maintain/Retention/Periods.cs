namespace Varve.Maintain.Retention;

/// <summary>Tells in which period a moment lies, by the calendar of a time zone. Stateless, thread-safe.</summary>
internal static class Periods
{
    private const int SecondsOfHour = 3600, DaysOfWeek = 7, MonthsOfYear = 12;

    /// <summary>
    /// A number that moments of one period share, and those of others have not; it grows with time. Not for
    /// <see cref="Period.Snapshot"/>.
    /// </summary>
    internal static long Number(Period period, FileTime time, TimeZoneInfo zone)
    {
        DateTimeOffset moment = time.ToDateTimeOffset(), local = TimeZoneInfo.ConvertTime(moment, zone);
        long day = DateOnly.FromDateTime(local.DateTime).DayNumber;
        return period switch
        {
            // Hours that passed, beginning when the zone's clocks show a full one.
            Period.Hour => (moment.ToUnixTimeSeconds() - DateTimeOffset.MinValue.ToUnixTimeSeconds()
                + ((long)local.Offset.TotalSeconds % SecondsOfHour + SecondsOfHour) % SecondsOfHour) / SecondsOfHour,
            Period.Day => day,
            Period.Week => day / DaysOfWeek, // the first day that there is was a Monday
            Period.Month => (local.Year * MonthsOfYear) + local.Month,
            Period.Year => local.Year,
            _ => throw new ArgumentOutOfRangeException(nameof(period), period, "has no calendar"),
        };
    }
}
