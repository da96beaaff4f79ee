using Varve.App.Daemon.Schedules;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Daemon;
using Varve.App.Settings.Values;

namespace Varve.Tests.App.Daemon;

/// <summary>When something is due, by what was said, what was, and what time it is.</summary>
public sealed class AgendaTests
{
    private static readonly TimeZoneInfo s_berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public void What_was_never_done_is_due_at_once_and_what_is_asked_for_too()
    {
        DateTimeOffset now = Utc(2027, 1, 5, 10);
        Assert.Equal(now, Agenda.DueAt(Every("15m"), null, default, now, s_berlin));
        Assert.Equal(now, Agenda.DueAt(Cron("0 3 * * *"), null, default, now, s_berlin));
        Assert.Equal(now, Agenda.DueAt(Cron("0 3 * * *"), TimeWindow.Parse("22:00-23:00", "x"),
            new JobPast(now, null, true, false), now, s_berlin));
    }

    [Fact]
    public void What_was_missed_is_due_once_however_many_times_went_by()
    {
        DateTimeOffset slept = Utc(2027, 1, 5, 10), woke = Utc(2027, 1, 9, 11, 7);
        foreach (ISchedule schedule in (ISchedule[])[Every("15m"), Cron("0 * * * *")])
        {
            Assert.True(Agenda.DueAt(schedule, null, Done(slept), woke, s_berlin) <= woke);
            DateTimeOffset? next = Agenda.DueAt(schedule, null, Done(woke), woke, s_berlin);
            Assert.True(next > woke && next - woke <= TimeSpan.FromHours(1), $"{next}");
        }
    }

    [Fact]
    public void What_falls_into_the_hour_that_summer_time_leaves_out_comes_at_its_end()
    {
        // 2027-03-28: 02:00 is 03:00.
        DateTimeOffset? due = Agenda.DueAt(Cron("30 2 * * *"), null, Done(Utc(2027, 3, 27, 10)), Utc(2027, 3, 27, 10), s_berlin);
        Assert.Equal(Utc(2027, 3, 28, 1), due);
        due = Agenda.DueAt(Cron("30 2 * * *"), null, Done(due!.Value), due.Value, s_berlin);
        Assert.Equal(Utc(2027, 3, 29, 0, 30), due);
    }

    [Fact]
    public void What_is_named_by_its_time_comes_once_in_the_hour_that_comes_twice()
    {
        // 2027-10-31: 03:00 is 02:00 again.
        DateTimeOffset first = Agenda.DueAt(Cron("30 2 * * *"), null, Done(Utc(2027, 10, 30, 10)), Utc(2027, 10, 30, 10), s_berlin)!.Value;
        Assert.Equal(Utc(2027, 10, 31, 0, 30), first);
        Assert.Equal(Utc(2027, 11, 1, 1, 30), Agenda.DueAt(Cron("30 2 * * *"), null, Done(first), first, s_berlin));
        // How often is no time of day: it goes on through both.
        DateTimeOffset at = Utc(2027, 10, 31, 0, 50);
        Assert.Equal(at.AddMinutes(15), Agenda.DueAt(Every("15m"), null, Done(at), at, s_berlin));
    }

    [Fact]
    public void The_leap_day_comes_where_it_is_and_no_other_year()
    {
        DateTimeOffset? due = Agenda.DueAt(Cron("0 3 29 2 *"), null, Done(Utc(2027, 1, 1)), Utc(2027, 1, 1), TimeZoneInfo.Utc);
        Assert.Equal(Utc(2028, 2, 29, 3), due);
        Assert.Throws<VarveException>(() => Cron("0 3 30 2 *"));
    }

    [Theory]
    [InlineData("15m")]
    [InlineData("1d")]
    [InlineData("7d")]
    public void A_clock_that_is_set_back_by_hours_does_not_stall_what_comes_every_so_often(string every)
    {
        DateTimeOffset last = Utc(2027, 1, 5, 10);
        foreach (double hours in (double[])[2, 5, 24, 9000])
        {
            DateTimeOffset now = last.AddHours(-hours);
            Assert.Equal(now, Agenda.DueAt(Every(every), null, Done(last), now, s_berlin));
            Assert.Equal(now + Spans.Parse(every, "x"), Agenda.DueAt(Every(every), null, Done(now), now, s_berlin));
        }
    }

    [Fact]
    public void A_clock_that_is_set_back_by_hours_has_the_times_of_cron_come_again()
    {
        DateTimeOffset last = Utc(2027, 1, 5, 3), now = Utc(2027, 1, 4, 20);
        Assert.Equal(Utc(2027, 1, 5, 3), Agenda.DueAt(Cron("0 3 * * *"), null, Done(last), now, TimeZoneInfo.Utc));
    }

    [Fact]
    public void A_clock_that_is_set_right_by_seconds_repeats_nothing()
    {
        DateTimeOffset last = Utc(2027, 1, 5, 3, 0, 1), now = Utc(2027, 1, 5, 2, 59, 58);
        Assert.Equal(Utc(2027, 1, 6, 3), Agenda.DueAt(Cron("0 3 * * *"), null, Done(last), now, TimeZoneInfo.Utc));
        Assert.Equal(last.AddMinutes(15), Agenda.DueAt(Every("15m"), null, Done(last), now, TimeZoneInfo.Utc));
    }

    [Fact]
    public void A_clock_that_is_set_forward_by_hours_is_a_machine_that_slept()
    {
        DateTimeOffset last = Utc(2027, 1, 5, 10), now = last.AddHours(7);
        Assert.True(Agenda.DueAt(Every("1h"), null, Done(last), now, s_berlin) <= now);
        Assert.Equal(now.AddHours(1), Agenda.DueAt(Every("1h"), null, Done(now), now, s_berlin));
    }

    [Fact]
    public void What_failed_comes_again_before_its_time_and_never_after_it()
    {
        DateTimeOffset last = Utc(2027, 1, 5, 10);
        Assert.Equal(last.AddMinutes(2),
            Agenda.DueAt(Every("1h"), null, new JobPast(last, last.AddMinutes(2), false, false), last, s_berlin));
        Assert.Equal(last.AddHours(1),
            Agenda.DueAt(Every("1h"), null, new JobPast(last, last.AddHours(2), false, false), last, s_berlin));
        // Of a clock that was wrong by days then.
        Assert.True(Agenda.DueAt(Every("30d"), null, new JobPast(last, last.AddDays(9), false, false), last, s_berlin) <= last);
    }

    [Fact]
    public void A_window_holds_back_what_is_due_until_it_opens()
    {
        var night = TimeWindow.Parse("22:00-06:00", "x");
        DateTimeOffset noon = Utc(2027, 1, 5, 11); // 12:00 in Berlin
        Assert.Equal(Utc(2027, 1, 5, 21), Agenda.DueAt(Every("15m"), night, default, noon, s_berlin));
        DateTimeOffset late = Utc(2027, 1, 5, 22);
        Assert.Equal(late, Agenda.DueAt(Every("15m"), night, default, late, s_berlin));
        // The last look of a night is followed by the first of the next.
        DateTimeOffset end = Utc(2027, 1, 6, 4, 55);
        Assert.Equal(Utc(2027, 1, 6, 21), Agenda.DueAt(Every("15m"), night, Done(end), end, s_berlin));
    }

    [Fact]
    public void A_window_that_opens_in_the_hour_that_is_left_out_opens_after_it()
    {
        var window = TimeWindow.Parse("02:30-04:00", "x");
        Assert.Equal(Utc(2027, 3, 28, 1), Agenda.OpensAt(window, Utc(2027, 3, 28, 0, 30), s_berlin));
        Assert.Equal(Utc(2027, 3, 29, 0, 30), Agenda.OpensAt(window, Utc(2027, 3, 28, 3), s_berlin));
    }

    [Fact]
    public void A_window_is_open_in_the_hour_that_comes_twice_as_often_as_the_clock_shows_it()
    {
        var window = TimeWindow.Parse("02:10-02:20", "x");
        Assert.Equal(Utc(2027, 10, 31, 0, 10), Agenda.OpensAt(window, Utc(2027, 10, 30, 23), s_berlin));
        Assert.Equal(Utc(2027, 10, 31, 1, 10), Agenda.OpensAt(window, Utc(2027, 10, 31, 0, 30), s_berlin));
    }

    /// <summary>Each minute of a year, in seconds of ours: what should come comes, on its minute, and nothing else does.</summary>
    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Lord_Howe")] // half an hour
    public void A_year_brings_each_time_once(string zone)
    {
        var local = TimeZoneInfo.FindSystemTimeZoneById(zone);
        ISchedule daily = Cron("15 4 * * *"), often = Every("45m"), weekly = Cron("0 12 * * 1");
        DateTimeOffset now = Utc(2027, 12, 1), end = Utc(2028, 12, 1); // with a leap day
        var runs = new List<DateTimeOffset>[] { [], [], [] };
        var past = new JobPast[3];
        Array.Fill(past, Done(now));
        for (; now < end; now = now.AddMinutes(1))
        {
            int i = 0;
            foreach (ISchedule schedule in (ISchedule[])[daily, often, weekly])
            {
                if (Agenda.DueAt(schedule, null, past[i], now, local) <= now)
                {
                    past[i] = Done(now);
                    runs[i].Add(now);
                }

                i++;
            }
        }

        Assert.Equal(366, runs[0].Count);
        Assert.All(runs[0], r => Assert.Equal(new TimeSpan(4, 15, 0), TimeZoneInfo.ConvertTime(r, local).TimeOfDay));
        Assert.Equal(366, runs[0].Select(r => TimeZoneInfo.ConvertTime(r, local).Date).Distinct().Count());
        Assert.Equal((366 * 24 * 60 / 45) - 1, runs[1].Count);
        Assert.InRange(runs[2].Count, 52, 53);
        Assert.All(runs[2], r => Assert.Equal(DayOfWeek.Monday, TimeZoneInfo.ConvertTime(r, local).DayOfWeek));
    }

    [Fact]
    public void Waits_after_failures_grow_to_an_hour_and_differ_by_chance()
    {
        Assert.Equal(TimeSpan.FromSeconds(48), Backoff.After(1, 0));
        Assert.Equal(TimeSpan.FromSeconds(72), Backoff.After(1, 1));
        Assert.Equal(TimeSpan.FromMinutes(4), Backoff.After(3, 0.5));
        Assert.Equal(TimeSpan.FromHours(1), Backoff.After(7, 0.5));
        Assert.Equal(TimeSpan.FromHours(1), Backoff.After(int.MaxValue, 0.5));
    }

    private static DateTimeOffset Utc(int year, int month, int day, int hour = 0, int minute = 0, int second = 0) =>
        new(year, month, day, hour, minute, second, TimeSpan.Zero);

    private static JobPast Done(DateTimeOffset at) => new(at, null, false, false);

    private static ISchedule Every(string span) => Schedule.Of(new ScheduleConfig { Every = Spans.Parse(span, "x") });

    private static ISchedule Cron(string text) => Schedule.Of(new ScheduleConfig { Cron = text });
}
