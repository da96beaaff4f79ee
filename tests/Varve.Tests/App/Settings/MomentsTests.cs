using Varve.App.Settings.Values;

namespace Varve.Tests.App.Settings;

public sealed class MomentsTests
{
    private static readonly TimeZoneInfo s_berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    // 14:30 in Berlin, a Wednesday; summer ended there on 25 October at 3:00, and began on 29 March at 2:00.
    private static readonly Moments s_moments = new(new DateTimeOffset(2026, 11, 25, 13, 30, 0, TimeSpan.Zero), s_berlin);

    [Theory]
    [InlineData("2026-11-01", "2026-11-01T22:59:59.999999999Z")] // a date is its last moment
    [InlineData("2026-7-1", "2026-07-01T21:59:59.999999999Z")]
    [InlineData("2026-11-01 14:00", "2026-11-01T13:00:59.999999999Z")]
    [InlineData("2026-11-01T14:00", "2026-11-01T13:00:59.999999999Z")]
    [InlineData("2026-11-01 14:00:05", "2026-11-01T13:00:05.999999999Z")]
    [InlineData("2026-11-01T14:00:05.25", "2026-11-01T13:00:05.259999999Z")]
    [InlineData("2026-11-01T14:00:05.123456789Z", "2026-11-01T14:00:05.123456799Z")]
    [InlineData("2026-11-01 14:00Z", "2026-11-01T14:00:59.999999999Z")]
    [InlineData("2026-11-01 14:00 +05:30", "2026-11-01T08:30:59.999999999Z")]
    [InlineData("2026-11-01 14:00:00-02", "2026-11-01T16:00:00.999999999Z")]
    [InlineData("2024-02-29", "2024-02-29T22:59:59.999999999Z")]
    [InlineData("2026-10-25 02:30", "2026-10-25T01:30:59.999999999Z")] // twice: the later one
    [InlineData("2026-03-29 02:30", "2026-03-29T01:30:59.999999999Z")] // never: as much later
    [InlineData("2026-10-25", "2026-10-25T22:59:59.999999999Z")]
    [InlineData("9999-12-31", "9999-12-31T22:59:59.999999899Z")]
    public void A_date_or_time_is_its_last_moment_in_its_zone(string text, string moment) =>
        Assert.Equal(moment, s_moments.Find(text).ToString());

    [Theory]
    [InlineData("now", "2026-11-25T13:30:00.000000000Z")]
    [InlineData("today", "2026-11-25T22:59:59.999999999Z")]
    [InlineData("yesterday", "2026-11-24T22:59:59.999999999Z")]
    [InlineData("Yesterday", "2026-11-24T22:59:59.999999999Z")]
    [InlineData("monday", "2026-11-23T22:59:59.999999999Z")]
    [InlineData("last wednesday", "2026-11-18T22:59:59.999999999Z")] // not today
    [InlineData("thursday", "2026-11-19T22:59:59.999999999Z")]
    [InlineData("3 weeks ago", "2026-11-04T13:30:00.000000000Z")]
    [InlineData("  3  weeks   ago ", "2026-11-04T13:30:00.000000000Z")]
    [InlineData("a week ago", "2026-11-18T13:30:00.000000000Z")]
    [InlineData("an hour ago", "2026-11-25T12:30:00.000000000Z")]
    [InlineData("90 minutes", "2026-11-25T12:00:00.000000000Z")]
    [InlineData("90s", "2026-11-25T13:28:30.000000000Z")]
    [InlineData("2d", "2026-11-23T13:30:00.000000000Z")]
    [InlineData("40 days ago", "2026-10-16T12:30:00.000000000Z")] // as many days, at this hour, though summer ended between
    [InlineData("1 month ago", "2026-10-25T13:30:00.000000000Z")]
    [InlineData("9 months ago", "2026-02-25T13:30:00.000000000Z")]
    [InlineData("2 years ago", "2024-11-25T13:30:00.000000000Z")]
    [InlineData("999999999 years ago", "0001-01-01T00:00:00.000000000Z")]
    public void A_word_goes_back_from_now(string text, string moment) =>
        Assert.Equal(moment, s_moments.Find(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("2026")]
    [InlineData("2026-13-01")]
    [InlineData("2025-02-29")]
    [InlineData("2026-11-01 24:00")]
    [InlineData("2026-11-01 14")]
    [InlineData("2026-11-01 14:00 +15:00")]
    [InlineData("2026-11-01 14:00:00.")]
    [InlineData("weeks ago")]
    [InlineData("-3 weeks ago")]
    [InlineData("3 weeks hence")]
    [InlineData("\u0663 weeks ago")]
    public void What_is_no_time_is_none(string text) => Assert.Null(s_moments.Find(text));
}
