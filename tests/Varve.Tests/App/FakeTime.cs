namespace Varve.Tests.App;

/// <summary>A clock that moves when told, and timers that fire when it does. One thread moves it.</summary>
internal sealed class FakeTime : TimeProvider
{
    private readonly List<FakeTimer> _timers = [];
    private long _ticks = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero).UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp() => _ticks;

    public override DateTimeOffset GetUtcNow() => new(_ticks, TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, () => callback(state), _ticks + dueTime.Ticks, period.Ticks);
        lock (_timers) { _timers.Add(timer); }
        return timer;
    }

    internal void Advance(double seconds)
    {
        long end = _ticks + TimeSpan.FromSeconds(seconds).Ticks;
        while (Next() is { } next && next.Due <= end)
        {
            _ticks = next.Due;
            next.Fire();
        }

        _ticks = end;
    }

    private FakeTimer? Next()
    {
        lock (_timers) { return _timers.MinBy(static t => t.Due); }
    }

    private void Remove(FakeTimer timer)
    {
        lock (_timers) { _timers.Remove(timer); }
    }

    private sealed class FakeTimer(FakeTime owner, Action callback, long due, long period) : ITimer
    {
        internal long Due { get; private set; } = due;

        internal void Fire()
        {
            Due += period;
            callback();
        }

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod) => throw new NotSupportedException();

        public void Dispose() => owner.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
