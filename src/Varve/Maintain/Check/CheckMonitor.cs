namespace Varve;

/// <summary>Where a check stands. Thread-safe.</summary>
public sealed class CheckMonitor
{
    private long _bytesRead, _bytesToRead, _trees;
    private volatile string _phase = "objects";

    /// <summary>A snapshot of the counters.</summary>
    public CheckProgress Read()
    {
        long expected = Interlocked.Read(ref _bytesToRead);
        return new CheckProgress
        {
            Phase = _phase, BytesRead = Interlocked.Read(ref _bytesRead), ExpectedBytes = expected > 0 ? expected : null,
            Trees = Interlocked.Read(ref _trees),
        };
    }

    internal long BytesRead => Interlocked.Read(ref _bytesRead);

    internal void Enter(string phase) => _phase = phase;

    internal void Expect(long bytes) => Interlocked.Exchange(ref _bytesToRead, bytes);

    internal void AddRead(long bytes) => Interlocked.Add(ref _bytesRead, bytes);

    internal void AddTree() => Interlocked.Increment(ref _trees);
}
