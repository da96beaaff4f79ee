using Varve.Model;

namespace Varve;

/// <summary>
/// What a restore counts and which paths failed: written by its threads, read by whoever shows progress. Thread-safe; failures beyond a
/// bound are only counted.
/// </summary>
public sealed class RestoreMonitor
{
    private const int MaxFailures = 10_000;

    private readonly List<Failure> _failures = [];
    private readonly List<byte[]> _torn = []; // its own lock
    private long _tornCount;
    private long _failureCount, _files, _directories, _others, _bytes;
    private long _expectedFiles = -1, _expectedBytes = -1;
    private volatile string _phase = "opening";

    /// <summary>A snapshot of the counters.</summary>
    public RestoreProgress Read()
    {
        long files = Interlocked.Read(ref _expectedFiles), bytes = Interlocked.Read(ref _expectedBytes);
        return new RestoreProgress
        {
            Files = Interlocked.Read(ref _files), Bytes = Interlocked.Read(ref _bytes), Failed = Interlocked.Read(ref _failureCount),
            ExpectedFiles = files < 0 ? null : files, ExpectedBytes = bytes < 0 ? null : bytes, Phase = _phase,
        };
    }

    internal long Directories => Interlocked.Read(ref _directories);

    internal long Others => Interlocked.Read(ref _others);

    internal void Enter(string phase) => _phase = phase;

    internal void Expect(long files, long bytes)
    {
        Interlocked.Exchange(ref _expectedBytes, bytes);
        Interlocked.Exchange(ref _expectedFiles, files);
    }

    internal void AddFile() => AddFiles(1);

    internal void AddFiles(long files) => Interlocked.Add(ref _files, files);

    internal void AddBytes(long bytes) => Interlocked.Add(ref _bytes, bytes);

    internal void AddDirectory() => Interlocked.Increment(ref _directories);

    internal void AddOther() => Interlocked.Increment(ref _others);

    internal void Fail(Failure failure)
    {
        lock (_failures)
        {
            _failureCount++;
            if (_failures.Count < MaxFailures) { _failures.Add(failure); }
        }
    }

    /// <summary>A file is restored as it was stored: torn.</summary>
    internal void AddTorn(byte[] path)
    {
        lock (_torn)
        {
            _tornCount++;
            if (_torn.Count < MaxFailures) { _torn.Add(path); }
        }
    }

    internal (IReadOnlyList<byte[]> First, long Count) Torn()
    {
        lock (_torn)
        {
            byte[][] sorted = [.. _torn];
            Array.Sort(sorted, static (a, b) => a.AsSpan().SequenceCompareTo(b));
            return (sorted, _tornCount);
        }
    }

    internal (IReadOnlyList<Failure> First, long Count) Failures()
    {
        lock (_failures)
        {
            Failure[] sorted = [.. _failures];
            Array.Sort(sorted, static (a, b) => a.Path.AsSpan().SequenceCompareTo(b.Path));
            return (sorted, _failureCount);
        }
    }
}
