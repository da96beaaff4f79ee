namespace Varve.Tests.Kit.Measures;

/// <summary>A clock that is ahead of the machine's, or behind it.</summary>
internal sealed class LaterTime(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
}
