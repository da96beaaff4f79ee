using System.Globalization;
using Varve.Maintain.Retention;

namespace Varve.Tests.Maintain.Retention;

/// <summary>In which hour, day, week, month and year a moment lies, by the calendar of a place.</summary>
public sealed class PeriodsTests
{
    [Theory]
    // Berlin goes from +02:00 to +01:00 on 2026-10-25 at 03:00, and the other way on 2026-03-29 at 02:00.
    [InlineData("Europe/Berlin", nameof(Period.Hour), "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", false)] // 02:30 and 02:30 again
    [InlineData("Europe/Berlin", nameof(Period.Hour), "2026-10-25T00:00:00Z", "2026-10-25T00:59:59Z", true)]
    [InlineData("Europe/Berlin", nameof(Period.Day), "2026-10-24T22:00:00Z", "2026-10-25T22:59:59Z", true)] // a day of 25 hours
    [InlineData("Europe/Berlin", nameof(Period.Day), "2026-10-25T22:59:59Z", "2026-10-25T23:00:00Z", false)]
    [InlineData("Europe/Berlin", nameof(Period.Day), "2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z", true)] // of 23
    [InlineData("Europe/Berlin", nameof(Period.Day), "2026-03-29T21:59:59Z", "2026-03-29T22:00:00Z", false)]
    [InlineData("Europe/Berlin", nameof(Period.Hour), "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", false)] // 01:59 and 03:00
    [InlineData("Asia/Kolkata", nameof(Period.Hour), "2026-05-01T00:29:59Z", "2026-05-01T00:30:00Z", false)] // +05:30
    [InlineData("Asia/Kolkata", nameof(Period.Hour), "2026-05-01T00:30:00Z", "2026-05-01T01:29:59Z", true)]
    [InlineData("America/St_Johns", nameof(Period.Hour), "1969-06-01T00:29:59Z", "1969-06-01T00:30:00Z", false)] // -02:30
    [InlineData("UTC", nameof(Period.Day), "2028-02-28T12:00:00Z", "2028-02-29T12:00:00Z", false)] // a leap day
    [InlineData("UTC", nameof(Period.Month), "2028-02-29T23:59:59Z", "2028-03-01T00:00:00Z", false)]
    [InlineData("UTC", nameof(Period.Month), "2028-02-01T00:00:00Z", "2028-02-29T23:59:59Z", true)]
    [InlineData("UTC", nameof(Period.Month), "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z", false)]
    [InlineData("UTC", nameof(Period.Month), "2026-12-01T00:00:00Z", "2027-12-01T00:00:00Z", false)]
    [InlineData("UTC", nameof(Period.Week), "2024-12-30T00:00:00Z", "2025-01-05T23:59:59Z", true)] // over the turn of a year
    [InlineData("UTC", nameof(Period.Week), "2024-12-29T23:59:59Z", "2024-12-30T00:00:00Z", false)]
    [InlineData("UTC", nameof(Period.Week), "2020-12-28T00:00:00Z", "2021-01-03T23:59:59Z", true)] // a year of 53 weeks
    [InlineData("UTC", nameof(Period.Week), "2021-01-03T23:59:59Z", "2021-01-04T00:00:00Z", false)]
    [InlineData("UTC", nameof(Period.Year), "2024-12-31T23:59:59Z", "2025-01-01T00:00:00Z", false)]
    [InlineData("Pacific/Auckland", nameof(Period.Year), "2024-12-31T10:59:59Z", "2024-12-31T11:00:00Z", false)] // +13:00
    [InlineData("UTC", nameof(Period.Day), "0001-01-01T00:00:00Z", "0001-01-01T23:59:59Z", true)]
    public void Two_moments_lie_in_one_period_or_not(string zone, string period, string one, string other, bool together)
    {
        TimeZoneInfo place = TimeZoneInfo.FindSystemTimeZoneById(zone);
        Period of = Enum.Parse<Period>(period);
        long first = Periods.Number(of, Moment(one), place), second = Periods.Number(of, Moment(other), place);
        Assert.Equal(together, first == second);
        Assert.True(first <= second, "numbers grow with time");
    }

    [Fact]
    public void Moments_that_no_calendar_has_lie_in_a_period_too()
    {
        foreach (Period period in Enum.GetValues<Period>().Where(static p => p != Period.Snapshot))
        {
            foreach (string zone in (string[])["UTC", "Pacific/Auckland", "America/New_York"])
            {
                TimeZoneInfo place = TimeZoneInfo.FindSystemTimeZoneById(zone);
                Assert.True(Periods.Number(period, new FileTime(long.MinValue, 0), place)
                    < Periods.Number(period, new FileTime(long.MaxValue, 0), place));
            }
        }
    }

    internal static FileTime Moment(string text) =>
        FileTime.From(DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
}
