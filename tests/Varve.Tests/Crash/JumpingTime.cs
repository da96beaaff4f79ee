namespace Varve.Tests.Crash;

/// <summary>The system's clock, as if somebody set it; timers go on as they were.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private long _offset;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _offset));

    internal void Jump(TimeSpan by) => Interlocked.Add(ref _offset, by.Ticks);
}
