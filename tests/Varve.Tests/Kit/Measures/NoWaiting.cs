namespace Varve.Tests.Kit.Measures;

/// <summary>The system's clock, whose pauses are over at once; it notes how long they were to be. Thread-safe.</summary>
internal sealed class NoWaiting : TimeProvider
{
    private long _longest;

    /// <summary>The longest pause.</summary>
    internal TimeSpan Longest => TimeSpan.FromTicks(Interlocked.Read(ref _longest));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (this) { _longest = Math.Max(_longest, dueTime.Ticks); }
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
