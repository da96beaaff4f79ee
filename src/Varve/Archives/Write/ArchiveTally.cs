using Varve.Archives.Feed;
using Varve.Archives.Sources;
using Varve.Model;
using Varve.Model.Bounds;

namespace Varve.Archives.Write;

/// <summary>What an archive has, and what it has not. Entries are counted by the thread that writes; the rest is thread-safe.</summary>
internal sealed class ArchiveTally(ArchiveTree tree)
{
    private readonly BoundedList<byte[]> _torn = new(10_000, static p => p.Length);
    private readonly BoundedList<Failure> _skipped = new(10_000, static f => f.Footprint);
    private long _files, _directories, _others, _bytes;

    /// <summary>Files that never held still.</summary>
    internal (byte[][] First, long Count) Torn => _torn.Result(static (a, b) => a.AsSpan().SequenceCompareTo(b));

    /// <summary>What could not be read.</summary>
    internal (Failure[] First, long Count) Failures => tree.Failures;

    /// <summary>Whether the archive has all of the tree as it was at some moments.</summary>
    internal bool IsWhole => _torn.Count == 0 && tree.Failures.Count == 0;

    /// <summary>An entry is in the archive.</summary>
    internal void Add(ArchiveEntry entry)
    {
        if (entry.Stat.Kind == EntryKind.File) { (_files, _bytes) = (_files + 1, _bytes + entry.Stat.Size); }
        else if (entry.Stat.Kind == EntryKind.Directory) { _directories++; }
        else { _others++; }
        if (entry.IsTorn) { _torn.Add(ArchiveTree.PathIn(entry.Root, entry.Below)); }
    }

    /// <summary>Something could not be read.</summary>
    internal void Fail(ArchiveEntry entry, Failure failure) => tree.Fail(entry.Root, failure);

    /// <summary>Such an archive cannot hold something; its whole path is in it.</summary>
    internal void Skip(Failure what) => _skipped.Add(what);

    /// <summary>All of it.</summary>
    internal ArchiveResult Result(byte[] path, string? digest)
    {
        (Failure[] failures, long failureCount) = Failures;
        (Failure[] skipped, long skippedCount) = _skipped.Result(Failure.ByPath);
        (byte[][] torn, long tornCount) = Torn;
        return new ArchiveResult
        {
            Path = path, Digest = digest, Files = _files, Directories = _directories, Others = _others, Bytes = _bytes,
            Torn = torn, TornCount = tornCount, Failures = failures, FailureCount = failureCount, Skipped = skipped,
            SkippedCount = skippedCount,
        };
    }
}
