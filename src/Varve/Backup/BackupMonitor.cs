namespace Varve.Backup;

/// <summary>The counters of a run, written by its threads and read by whoever shows progress. Thread-safe.</summary>
public sealed class BackupMonitor
{
    private long _directories, _files, _bytes, _bytesRead, _bytesStored, _failed;
    private long _expectedFiles = -1, _expectedBytes = -1;
    private volatile string _phase = "opening";

    /// <summary>Called by the thread that has just counted a directory or files: the seam by which tests stop a run where it is.</summary>
    internal Action<BackupMonitor>? Counted { get; init; }

    /// <summary>A snapshot of the counters.</summary>
    public BackupProgress Read()
    {
        long files = Interlocked.Read(ref _expectedFiles), bytes = Interlocked.Read(ref _expectedBytes);
        return new BackupProgress
        {
            Directories = Interlocked.Read(ref _directories),
            Files = Interlocked.Read(ref _files),
            Bytes = Interlocked.Read(ref _bytes),
            BytesRead = Interlocked.Read(ref _bytesRead),
            BytesStored = Interlocked.Read(ref _bytesStored),
            Failed = Interlocked.Read(ref _failed),
            ExpectedFiles = files < 0 ? null : files,
            ExpectedBytes = bytes < 0 ? null : bytes,
            Phase = _phase,
        };
    }

    internal void Expect(long files, long bytes)
    {
        Interlocked.Exchange(ref _expectedBytes, bytes);
        Interlocked.Exchange(ref _expectedFiles, files);
    }

    /// <summary>The source is gone over once more.</summary>
    internal void Restart()
    {
        Interlocked.Exchange(ref _directories, 0);
        Interlocked.Exchange(ref _files, 0);
        Interlocked.Exchange(ref _bytes, 0);
    }

    internal void Enter(string phase) => _phase = phase;

    internal void AddDirectory()
    {
        Interlocked.Increment(ref _directories);
        Counted?.Invoke(this);
    }

    internal void AddFiles(long files, long bytes)
    {
        Interlocked.Add(ref _files, files);
        Interlocked.Add(ref _bytes, bytes);
        Counted?.Invoke(this);
    }

    internal void AddRead(long bytes) => Interlocked.Add(ref _bytesRead, bytes);

    internal void AddStored(long bytes) => Interlocked.Add(ref _bytesStored, bytes);

    internal void AddFailed() => Interlocked.Increment(ref _failed);
}
