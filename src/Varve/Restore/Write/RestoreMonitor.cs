using Varve.Model;
using Varve.Model.Bounds;
using Varve.Model.Changes;
using Varve.Restore.Target;
using Varve.Restore.Write;

namespace Varve;

/// <summary>
/// What a restore counts and which paths failed: written by its threads, read by whoever shows progress. Thread-safe; failures beyond a
/// bound are only counted.
/// </summary>
public sealed class RestoreMonitor
{
    private const int MaxFailures = 10_000;

    private readonly BoundedList<Failure> _failures = new(MaxFailures, static f => f.Footprint);
    private readonly BoundedList<byte[]> _torn = new(MaxFailures, static path => path.Length);
    private readonly List<PresentPiece> _present = []; // guarded by itself
    private readonly BoundedList<Failure> _protected = new(MaxFailures, static f => f.Footprint);
    private long _files, _directories, _others, _bytes, _kept;
    private long _replaced, _metadata, _unchanged, _leftAlone, _deleted, _deletedBytes, _verified;
    private long _expectedFiles = -1, _expectedBytes = -1;
    private volatile string _phase = "opening";

    /// <summary>A snapshot of the counters.</summary>
    public RestoreProgress Read()
    {
        long files = Interlocked.Read(ref _expectedFiles), bytes = Interlocked.Read(ref _expectedBytes);
        return new RestoreProgress
        {
            Files = Interlocked.Read(ref _files), Bytes = Interlocked.Read(ref _bytes), Failed = _failures.Count,
            ExpectedFiles = files < 0 ? null : files, ExpectedBytes = bytes < 0 ? null : bytes, Phase = _phase, Path = PresentFile(),
        };
    }

    /// <summary>
    /// Whether somebody watches the restore while it goes on: then <see cref="RestoreProgress.Path"/> is known, and where only a part of a
    /// snapshot is restored, it is counted beside.
    /// </summary>
    public bool IsWatched { get; init; }

    /// <summary>
    /// Called for each entry that is restored, kept or failed, by the threads of the restore, several at once. What takes long in it holds
    /// the restore up. Nothing is done for it when it is null, which is the default.
    /// </summary>
    internal Action<ChangedEntry>? Entry { get; init; }

    /// <summary>
    /// Whether the target is incomplete: true from when it is first written to until all is there. After a restore that threw, the same
    /// restore goes on with it.
    /// </summary>
    public bool TargetIsIncomplete { get; internal set; }

    internal long Kept => Interlocked.Read(ref _kept);

    internal long Directories => Interlocked.Read(ref _directories);

    internal long Others => Interlocked.Read(ref _others);

    /// <summary>Where a worker says which file it writes; null if nobody watches.</summary>
    internal PresentPiece? NewPresentPiece()
    {
        if (!IsWatched) { return null; }
        var present = new PresentPiece();
        lock (_present) { _present.Add(present); }
        return present;
    }

    private byte[]? PresentFile()
    {
        lock (_present) { return _present.Select(static p => p.Path()).FirstOrDefault(static p => p is not null); }
    }

    /// <summary>Tells whoever wants to hear it what became of an entry. Costs nothing otherwise.</summary>
    internal void Tell(EntryChange change, TargetDirectory directory, ReadOnlySpan<byte> name, EntryKind kind)
    {
        if (Entry is { } entry) { entry(new ChangedEntry(change, directory.RelativePath(name), kind)); }
    }

    /// <summary>The same of what would become of an entry.</summary>
    internal void Tell(EntryChange change, byte[] path, in EntryStat stat) =>
        Entry?.Invoke(new ChangedEntry(change, path, stat.Kind) { Size = stat.Size });

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

    internal long Replaced => Interlocked.Read(ref _replaced);

    internal long MetadataOnly => Interlocked.Read(ref _metadata);

    internal long Unchanged => Interlocked.Read(ref _unchanged);

    internal long LeftAlone => Interlocked.Read(ref _leftAlone);

    internal long Deleted => Interlocked.Read(ref _deleted);

    internal long DeletedBytes => Interlocked.Read(ref _deletedBytes);

    internal long Verified => Interlocked.Read(ref _verified);

    /// <summary>One more that took the place of another.</summary>
    internal void AddReplaced() => Interlocked.Increment(ref _replaced);

    /// <summary>One more that got its metadata and nothing else.</summary>
    internal void AddMetadata() => Interlocked.Increment(ref _metadata);

    /// <summary>One more that was as it is to be.</summary>
    internal void AddUnchanged() => Interlocked.Increment(ref _unchanged);

    /// <summary>One more that was read back.</summary>
    internal void AddVerified() => Interlocked.Increment(ref _verified);

    /// <summary>Something newer stays.</summary>
    internal void AddLeftAlone() => Interlocked.Increment(ref _leftAlone);

    /// <summary>What the snapshot has not is gone, or would be.</summary>
    internal void AddDeleted(byte[] path, EntryKind kind, long size)
    {
        Interlocked.Increment(ref _deleted);
        Interlocked.Add(ref _deletedBytes, size);
        Entry?.Invoke(new ChangedEntry(EntryChange.Gone, path, kind) { Size = size });
    }

    /// <summary>What the snapshot has not stays, for a reason.</summary>
    internal void AddProtected(byte[] path, string reason) => _protected.Add(new Failure(path, FailedOperation.List, 0, reason));

    internal (IReadOnlyList<Failure> First, long Count) Protected() => _protected.Result(Failure.ByPath);

    /// <summary>An entry was there already, whole, from an earlier run.</summary>
    internal void AddKept() => Interlocked.Increment(ref _kept);

    internal void AddOther() => Interlocked.Increment(ref _others);

    internal void Fail(Failure failure)
    {
        _failures.Add(failure);
        Entry?.Invoke(ChangedEntry.Of(failure));
    }

    /// <summary>A file is restored as it was stored: torn.</summary>
    internal void AddTorn(byte[] path) => _torn.Add(path);

    internal (IReadOnlyList<byte[]> First, long Count) Torn() => _torn.Result(static (a, b) => a.AsSpan().SequenceCompareTo(b));

    internal (IReadOnlyList<Failure> First, long Count) Failures() => _failures.Result(Failure.ByPath);
}
