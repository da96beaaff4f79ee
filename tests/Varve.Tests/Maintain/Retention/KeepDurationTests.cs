using Varve.Maintain.Retention;

namespace Varve.Tests.Maintain.Retention;

/// <summary>How far back a rule reaches.</summary>
public sealed class KeepDurationTests
{
    [Theory]
    [InlineData("1d", "UTC", "2026-03-01T12:00:00Z", "2026-02-28T12:00:00Z")]
    [InlineData("1m", "UTC", "2026-03-31T12:00:00Z", "2026-02-28T12:00:00Z")] // that month has no 31st
    [InlineData("1m", "UTC", "2028-03-31T12:00:00Z", "2028-02-29T12:00:00Z")]
    [InlineData("1y", "UTC", "2028-02-29T12:00:00Z", "2027-02-28T12:00:00Z")]
    [InlineData("2y5m7d3h", "UTC", "2026-12-10T12:00:00Z", "2024-07-03T09:00:00Z")]
    [InlineData("2w", "UTC", "2026-01-10T00:00:00Z", "2025-12-27T00:00:00Z")]
    [InlineData("1d", "Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-24T11:00:00Z")] // 13:00 there, the day before: 25 hours
    [InlineData("24h", "Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-24T12:00:00Z")]
    [InlineData("1d", "Europe/Berlin", "2026-10-26T01:30:00Z", "2026-10-25T00:30:00Z")] // 02:30 was twice: the earlier
    [InlineData("1d", "Europe/Berlin", "2026-03-30T00:30:00Z", "2026-03-29T01:30:00Z")] // 02:30 was not: as much later
    [InlineData("9999y", "UTC", "2026-03-30T00:30:00Z", null)]
    [InlineData("2147483647d", "UTC", "2026-03-30T00:30:00Z", null)]
    public void It_counts_back_by_the_calendar_and_hours_as_they_pass(string duration, string zone, string from, string? to)
    {
        FileTime before = KeepDuration.TryParse(duration)!.Value.Before(PeriodsTests.Moment(from), TimeZoneInfo.FindSystemTimeZoneById(zone));
        Assert.Equal(to is null ? new FileTime(long.MinValue, 0) : PeriodsTests.Moment(to), before);
    }

    [Theory]
    [InlineData("14d")]
    [InlineData("1y6m")]
    [InlineData("2y5m3w7d3h")]
    public void A_duration_is_written_as_it_is_typed(string text) => Assert.Equal(text, KeepDuration.TryParse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("14")]
    [InlineData("d")]
    [InlineData("0d")]
    [InlineData("7d1y")] // the longer first
    [InlineData("1d1d")]
    [InlineData("-1d")]
    [InlineData("1.5d")]
    [InlineData("1 d")]
    [InlineData("1D")]
    [InlineData("99999999999d")]
    [InlineData("5min")]
    public void What_is_no_duration_is_none(string text) => Assert.Null(KeepDuration.TryParse(text));
}
