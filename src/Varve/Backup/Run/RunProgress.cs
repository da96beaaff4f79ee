using Varve.Model;
using Varve.Model.Bounds;
using Varve.Model.Changes;

namespace Varve.Backup.Run;

/// <summary>How far a run is, counted by its threads for whoever shows progress. Thread-safe.</summary>
internal sealed class RunProgress
{
    private long _directories, _files, _bytes, _bytesRead, _bytesStored, _failed;
    private long _expectedFiles = -1, _expectedBytes = -1;
    private readonly List<PresentFile> _present = []; // guarded by itself
    private volatile string _phase = "opening";

    internal long Directories => Interlocked.Read(ref _directories);
    internal long Files => Interlocked.Read(ref _files);
    internal long Bytes => Interlocked.Read(ref _bytes);
    internal long BytesRead => Interlocked.Read(ref _bytesRead);
    internal long BytesStored => Interlocked.Read(ref _bytesStored);
    internal long Failed => Interlocked.Read(ref _failed);

    /// <summary>Files to expect, from the snapshot before; -1 when there is none.</summary>
    internal long ExpectedFiles => Interlocked.Read(ref _expectedFiles);

    /// <inheritdoc cref="ExpectedFiles"/>
    internal long ExpectedBytes => Interlocked.Read(ref _expectedBytes);

    /// <summary>Whether nothing is expected, or the run has come further than that.</summary>
    internal bool IsBeyondExpected => ExpectedFiles < 0 || Files > ExpectedFiles || Bytes > ExpectedBytes;

    internal string Phase => _phase;

    /// <summary>Called by the thread that has just counted a directory or files.</summary>
    internal Action? Counted { get; set; }

    /// <summary>Somebody watches: what is said for them alone is worth some time.</summary>
    internal bool IsWatched { get; set; }

    /// <summary>Hears of each entry that is not as it was, from any thread; null: nobody wants to.</summary>
    internal Action<ChangedEntry>? Entry { get; set; }

    /// <summary>Where a worker says which file it reads; null if nobody watches.</summary>
    internal PresentFile? NewPresentFile()
    {
        if (!IsWatched) { return null; }
        var present = new PresentFile();
        lock (_present) { _present.Add(present); }
        return present;
    }

    /// <summary>The file that has been read longest of those that are read now; null if there is none.</summary>
    internal byte[]? PresentFile()
    {
        lock (_present)
        {
            (byte[]? longest, long first) = (null, long.MaxValue);
            foreach (PresentFile present in _present)
            {
                if (present.Path(out long since) is { } path && since < first) { (longest, first) = (path, since); }
            }

            return longest;
        }
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
        Counted?.Invoke();
    }

    internal void AddFiles(long files, long bytes)
    {
        Interlocked.Add(ref _files, files);
        Saturating.Add(ref _bytes, bytes);
        Counted?.Invoke();
    }

    internal void AddRead(long bytes) => Interlocked.Add(ref _bytesRead, bytes);

    internal void AddStored(long bytes) => Interlocked.Add(ref _bytesStored, bytes);

    internal void AddFailed() => Interlocked.Increment(ref _failed);

    internal void TakeBackFailed(int count) => Interlocked.Add(ref _failed, -count);
}
