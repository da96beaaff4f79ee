using Varve.App.Daemon.Control;

namespace Varve.Tests.App.Daemon;

public sealed class IdleWaitTests
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly Clock _clock = new();
    private int _looks, _waits;

    [Fact]
    public void A_wait_of_an_hour_looks_at_the_clock_each_minute_and_at_nothing_else()
    {
        Wait(_ => false).Run(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.FromHours(1), _clock.Passed);
        Assert.Equal((60, 60), (_waits, _looks));
    }

    [Fact]
    public void News_end_it_at_once()
    {
        Wait(_ => _waits == 3).Run(TimeSpan.FromHours(1));
        Assert.Equal((3, 2), (_waits, _looks));
    }

    [Fact]
    public void A_wait_shorter_than_a_look_is_as_long_as_it_is_to_be()
    {
        Wait(_ => false).Run(TimeSpan.FromSeconds(90));
        Assert.Equal(TimeSpan.FromSeconds(90), _clock.Passed);
    }

    [Theory]
    [InlineData(5 * 3600)] // it slept
    [InlineData(-2 * 3600)]
    [InlineData(2)]
    public void A_clock_that_was_set_ends_it_within_a_minute(int seconds)
    {
        Wait(_ =>
        {
            if (_waits == 2) { _clock.Set += TimeSpan.FromSeconds(seconds); }
            return false;
        }).Run(TimeSpan.FromHours(1));
        Assert.Equal(2, _waits);
    }

    [Fact]
    public void A_clock_that_is_set_right_by_milliseconds_does_not_end_it()
    {
        Wait(_ =>
        {
            _clock.Set += TimeSpan.FromMilliseconds(10);
            return false;
        }).Run(TimeSpan.FromMinutes(30));
        Assert.Equal(30, _waits);
    }

    private IdleWait Wait(Predicate<TimeSpan> hasNews) => new(_clock, longest =>
    {
        _waits++;
        _clock.Passed += longest;
        return hasNews(longest);
    }, () => _looks++, s_minute);

    /// <summary>A clock of which the time that goes by and what it shows are told apart.</summary>
    private sealed class Clock : TimeProvider
    {
        internal TimeSpan Passed { get; set; }

        internal TimeSpan Set { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Passed.Ticks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(56) + Passed + Set;
    }
}
