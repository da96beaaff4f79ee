using Varve.Model;

namespace Varve.Backup.Run;

/// <summary>What a run counts and which paths failed. Thread-safe; failures beyond a bound are counted only (invariant 11).</summary>
internal sealed class RunTally(RunProgress progress)
{
    /// <summary>Failures kept with path and reason; the format's bound.</summary>
    internal const int MaxFailures = 10_000;

    private readonly List<Failure> _failures = [];
    private readonly List<Notice> _notes = [];
    private long _failureCount, _recorded;
    private bool _isOrdering;

    internal long Files, Directories, Symlinks, Others, Bytes, New, Changed, MetadataOnly, Unchanged, Gone, BytesRead, BytesAdded,
        BytesStored, Torn, DeltaFiles, DeltaBytes;
    private long _moved, _movedToNewNames;

    internal RunProgress Progress => progress;

    internal void Fail(Failure failure)
    {
        if (_isOrdering) { return; } // tried again in the last pass
        progress.AddFailed();
        lock (_failures)
        {
            _failureCount++;
            if (_failures.Count < MaxFailures) { _failures.Add(failure); }
        }
    }

    /// <summary>
    /// A pass over the source begins. What the passes before it recorded comes out of it as unchanged: that is taken off in the end.
    /// </summary>
    internal void BeginPass(bool isOrdering)
    {
        _isOrdering = isOrdering;
        _recorded = New + Changed + MetadataOnly + _moved;
        Unchanged = 0;
        Torn = 0; // read again in this pass
        progress.Restart();
    }

    /// <summary>Counts a file of which so many bytes were found in chunks of its earlier state.</summary>
    internal void AddDelta(long bytes)
    {
        if (bytes == 0) { return; }
        Interlocked.Increment(ref DeltaFiles);
        Interlocked.Add(ref DeltaBytes, bytes);
    }

    /// <summary>Counts bytes that were read for the first time.</summary>
    internal void CountRead(long bytes)
    {
        Interlocked.Add(ref BytesRead, bytes);
        progress.AddRead(bytes);
    }

    internal void Note(Notice note)
    {
        lock (_notes) { if (_notes.Count < 100 && !_notes.Contains(note)) { _notes.Add(note); } }
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

    internal IReadOnlyList<Notice> Notes()
    {
        lock (_notes) { return [.. _notes]; }
    }

    /// <summary>
    /// Counts an entry that came with a directory that was moved. If it takes the place of nothing, where it was there is nothing now: that
    /// counts as gone.
    /// </summary>
    internal void CountMoved(bool takesPlace)
    {
        Interlocked.Increment(ref _moved);
        if (!takesPlace) { Interlocked.Increment(ref _movedToNewNames); }
    }

    /// <summary>Counts an entry that is in the snapshot.</summary>
    internal void Present(in EntryStat stat)
    {
        switch (stat.Kind)
        {
            case EntryKind.File:
                Interlocked.Increment(ref Files);
                Interlocked.Add(ref Bytes, stat.Size);
                break;
            case EntryKind.Directory:
                Interlocked.Increment(ref Directories);
                break;
            case EntryKind.Symlink:
                Interlocked.Increment(ref Symlinks);
                break;
            default:
                Interlocked.Increment(ref Others);
                break;
        }
    }

    internal SnapshotCounts ToCounts() => new()
    {
        Files = Files, Directories = Directories, Symlinks = Symlinks, Others = Others, Bytes = Bytes, Failed = _failureCount,
        New = New, Changed = Changed, MetadataOnly = MetadataOnly, Unchanged = Math.Max(0, Unchanged - _recorded), Moved = _moved,
        Gone = Math.Max(0, Gone - _movedToNewNames),
        BytesRead = BytesRead, BytesAdded = BytesAdded, BytesStored = BytesStored,
    };
}
