namespace Varve.Maintain;

/// <summary>Where a check stands. Thread-safe.</summary>
public sealed class CheckMonitor
{
    private long _bytesRead, _bytesToRead, _trees;
    private volatile string _phase = "objects";

    /// <summary><c>objects</c>, <c>packs</c> or <c>trees</c>.</summary>
    public string Phase => _phase;

    /// <summary>Bytes of packs read so far.</summary>
    public long BytesRead => Interlocked.Read(ref _bytesRead);

    /// <summary>Bytes of packs to read in all.</summary>
    public long BytesToRead => Interlocked.Read(ref _bytesToRead);

    /// <summary>Trees read.</summary>
    public long Trees => Interlocked.Read(ref _trees);

    internal void Enter(string phase) => _phase = phase;

    internal void Expect(long bytes) => Interlocked.Exchange(ref _bytesToRead, bytes);

    internal void AddRead(long bytes) => Interlocked.Add(ref _bytesRead, bytes);

    internal void AddTree() => Interlocked.Increment(ref _trees);
}
