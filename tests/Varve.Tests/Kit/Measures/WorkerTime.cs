namespace Varve.Tests.Kit.Measures;

/// <summary>
/// The system's clock; calls back, once, when a worker of the pipeline asks for the time: it is about to read a file that was changed
/// lately.
/// </summary>
internal sealed class WorkerTime(Action then) : TimeProvider
{
    private int _asked;

    public int Asked => _asked;

    public override DateTimeOffset GetUtcNow()
    {
        bool worker = Thread.CurrentThread.Name?.StartsWith("varve work", StringComparison.Ordinal) == true;
        if (worker && Interlocked.Increment(ref _asked) == 1) { then(); }
        return System.GetUtcNow();
    }
}
