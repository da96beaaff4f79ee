using Varve.Catalog.Rows;
using Varve.Model;
using Varve.Model.Bounds;
using Varve.Model.Changes;

namespace Varve.Backup.Run;

/// <summary>What a run counts and which paths failed. Thread-safe; failures beyond a bound are counted only (invariant 11), sums
/// saturate.</summary>
internal sealed class RunTally(RunProgress progress)
{
    /// <summary>Failures kept with path and reason; the format's bound.</summary>
    internal const int MaxFailures = 10_000;

    private readonly BoundedList<Failure> _failures = new(MaxFailures, static f => f.Footprint);
    private readonly BoundedList<Failure> _saved = new(MaxFailures, static f => f.Footprint);
    private readonly List<Notice> _notes = [];
    private readonly Dictionary<ulong, byte[]> _notEntered = [];
    private long _recorded;
    private bool _isOrdering;
    private FailuresBefore? _failedBefore;

    internal long Files, Directories, Symlinks, Others, Bytes, New, Changed, MetadataOnly, Unchanged, Gone, BytesRead, BytesAdded,
        BytesStored, Torn, DeltaFiles, DeltaBytes;
    private long _moved, _movedToNewNames;

    internal RunProgress Progress => progress;

    internal void Fail(Failure failure)
    {
        if (_isOrdering) { return; } // tried again in the last pass
        if (_failedBefore?.Repeats(failure) == true) { return; }
        progress.AddFailed();
        _failures.Add(failure);
        progress.Entry?.Invoke(ChangedEntry.Of(failure));
    }

    /// <summary>Tells whoever wants to hear it what became of an entry of a directory. Costs nothing otherwise.</summary>
    internal void Tell(EntryChange change, DirectoryNode directory, ReadOnlySpan<byte> name, EntryKind kind)
    {
        if (progress.Entry is not { } entry) { return; }
        entry(new ChangedEntry(change, directory.Parent is null ? [] : directory.Path(name), kind));
    }

    /// <summary>
    /// The same for a path that is saved all the same, if not wholly: the last pass may find it as an earlier one left it, and say nothing.
    /// </summary>
    internal void FailSaved(Failure failure)
    {
        if (_isOrdering) { _saved.Add(failure); }
        else { Fail(failure); }
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

    /// <summary>Only what may have changed is looked at. All else counts as the snapshot before has it, which lacks nothing.</summary>
    internal void StartFrom(SnapshotCounts before)
    {
        (Files, Directories, Symlinks, Others, Bytes) =
            (before.Files, before.Directories, before.Symlinks, before.Others, before.Bytes);
        Unchanged = before.Files + before.Symlinks + before.Others;
    }

    /// <summary>Entries are looked at that were counted so, as that snapshot has them.</summary>
    internal void LookAt(EntryTable entries)
    {
        for (int i = 0; i < entries.Count; i++)
        {
            TakeBack(in entries.Stat(i));
            if (entries.Stat(i).Kind != EntryKind.Directory) { Interlocked.Decrement(ref Unchanged); }
        }
    }

    /// <summary>The same of what was below a directory that is gone.</summary>
    internal void LookAt(DirectoryCounts below)
    {
        TakeBack(below);
        Interlocked.Add(ref Unchanged, -(below.Files + below.Symlinks + below.Others));
    }

    /// <summary>Directories are visited again: what failed before is not told twice.</summary>
    internal void BeginAgain() => _failedBefore = new FailuresBefore(_failures.Result(Failure.ByPath).First);

    /// <summary>
    /// An entry of a directory, no directory itself, was saved. What failed of it when the directory was visited before, and not again, is
    /// no failure any more.
    /// </summary>
    internal void Recover(DirectoryNode directory, ReadOnlySpan<byte> name)
    {
        if (directory.IsAgain && _failedBefore is not null) { Recover(directory.Path(name), static _ => true); }
    }

    /// <summary>The same of a directory, which was listed.</summary>
    internal void RecoverListing(DirectoryNode directory)
    {
        if (!directory.IsAgain || _failedBefore is null) { return; }
        Recover(directory.Path(), static f => f.Operation is FailedOperation.Open or FailedOperation.List);
    }

    private void Recover(byte[] path, Predicate<Failure> isMeant)
    {
        FailuresBefore before = _failedBefore!;
        if (!before.HasAt(path)) { return; }
        progress.TakeBackFailed(_failures.TakeBack(f => f.Path.AsSpan().SequenceEqual(path) && before.IsPast(f) && isMeant(f)));
    }

    /// <summary>An entry of a directory, no directory itself, is as it was; one that is visited again was counted.</summary>
    internal void CountUnchanged(DirectoryNode directory)
    {
        if (!directory.IsAgain) { Interlocked.Increment(ref Unchanged); }
    }

    /// <summary>
    /// An entry is not as row <paramref name="known"/> (-1: none) has it. False, and nothing is counted, if the row is of this run, which
    /// visits the directory again.
    /// </summary>
    internal bool CountChange(DirectoryNode directory, int known, bool isOfThisRun, ref long counter)
    {
        if (directory.IsAgain && known >= 0)
        {
            if (isOfThisRun) { return false; }
            Interlocked.Decrement(ref Unchanged);
        }

        Interlocked.Increment(ref counter);
        return true;
    }

    /// <summary>An entry, no directory itself, is there no more.</summary>
    internal void CountGone(DirectoryNode directory, bool isOfThisRun)
    {
        if (directory.IsAgain && isOfThisRun)
        {
            Interlocked.Decrement(ref New);
            return;
        }

        if (directory.IsAgain) { Interlocked.Decrement(ref Unchanged); }
        Interlocked.Increment(ref Gone);
    }

    /// <summary>A directory is visited again: an entry of it is counted anew.</summary>
    internal void TakeBack(in EntryStat stat)
    {
        switch (stat.Kind)
        {
            case EntryKind.File:
                Interlocked.Decrement(ref Files);
                Saturating.Add(ref Bytes, -stat.Size);
                break;
            case EntryKind.Directory:
                Interlocked.Decrement(ref Directories);
                break;
            case EntryKind.Symlink:
                Interlocked.Decrement(ref Symlinks);
                break;
            default:
                Interlocked.Decrement(ref Others);
                break;
        }
    }

    /// <summary>The same of what lies below a directory that is not where it was.</summary>
    internal void TakeBack(DirectoryCounts below)
    {
        Interlocked.Add(ref Files, -below.Files);
        Interlocked.Add(ref Directories, -below.Directories);
        Interlocked.Add(ref Symlinks, -below.Symlinks);
        Interlocked.Add(ref Others, -below.Others);
        Saturating.Add(ref Bytes, -below.Bytes);
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

    /// <summary>The same of a directory that is entered, if the snapshot before has none of that name in its place.</summary>
    internal void TellEntered(DirectoryNode node, bool isMoved)
    {
        if (progress.Entry is null || node.Parent is not { IsSame: false } parent) { return; }
        bool isKnown = parent.Known?.Find(node.Name) is >= 0 and var k && parent.Known.Stat(k).Kind == EntryKind.Directory;
        if (!isKnown) { Tell(isMoved ? EntryChange.Moved : EntryChange.New, parent, node.Name, EntryKind.Directory); }
    }

    internal void Note(Notice note)
    {
        lock (_notes) { if (_notes.Count < 100 && !_notes.Contains(note)) { _notes.Add(note); } }
    }

    internal (IReadOnlyList<Failure> First, long Count) Failures()
    {
        Failure[] known = _failures.Result(Failure.ByPath).First;
        foreach (Failure saved in _saved.TakeAll())
        {
            if (Array.BinarySearch(known, saved, Comparer<Failure>.Create(Failure.ByPath)) >= 0) { continue; }
            _failures.Add(saved);
            progress.Entry?.Invoke(ChangedEntry.Of(saved));
        }

        return _failures.Result(Failure.ByPath);
    }

    /// <summary>Remembers a file system that is not entered, by its device number, and one place where it is.</summary>
    internal void NotEntered(ulong device, byte[] path)
    {
        lock (_notes)
        {
            if (!_notEntered.TryGetValue(device, out byte[]? known) || path.AsSpan().SequenceCompareTo(known) < 0)
            {
                _notEntered[device] = path;
            }
        }
    }

    internal IReadOnlyList<Notice> Notes()
    {
        lock (_notes)
        {
            if (_notEntered.Count == 0) { return [.. _notes]; }
            byte[] first = _notEntered.Values.Aggregate(static (x, y) => x.AsSpan().SequenceCompareTo(y) < 0 ? x : y);
            int more = _notEntered.Count - 1;
            string others = more == 0 ? ": it is another file system or subvolume"
                : $", as {(more == 1 ? "is one more" : $"are {more} more")}: they are other file systems or subvolumes";
            return [.. _notes, new Notice(Subject.Path(first), "is stored without what is in it" + others)];
        }
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
                Saturating.Add(ref Bytes, stat.Size);
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

    /// <summary>Counts an entry that is in the snapshot as it was last seen, and, of a directory, what lies below it.</summary>
    internal void Keep(in EntryStat stat, DirectoryCounts below = default)
    {
        Present(in stat);
        Interlocked.Add(ref Files, below.Files);
        Interlocked.Add(ref Directories, below.Directories);
        Interlocked.Add(ref Symlinks, below.Symlinks);
        Interlocked.Add(ref Others, below.Others);
        Interlocked.Add(ref Bytes, below.Bytes);
        Interlocked.Add(ref Unchanged, below.Files + below.Symlinks + below.Others + (stat.Kind == EntryKind.Directory ? 0 : 1));
    }

    internal SnapshotCounts ToCounts() => new()
    {
        Files = Files, Directories = Directories, Symlinks = Symlinks, Others = Others, Bytes = Bytes, Failed = _failures.Count,
        New = Math.Max(0, New), Changed = Changed, MetadataOnly = MetadataOnly,
        Unchanged = Math.Max(0, Unchanged - _recorded), Moved = _moved,
        Gone = Math.Max(0, Gone - _movedToNewNames),
        BytesRead = BytesRead, BytesAdded = BytesAdded, BytesStored = BytesStored,
    };
}
