using Varve.Freeze;
using Varve.History.Content;
using Varve.History.Differences;
using Varve.History.Entries;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Platform;
using Varve.Tree.Lists;
using Varve.Vault;
using Varve.Vault.Snapshots;
using Varve.Walk;

namespace Varve.History;

/// <summary>What is not the same in a snapshot and in a tree of this machine.</summary>
internal static class LiveComparison
{
    /// <summary>
    /// What differs from the snapshot to the tree as it is now, by path: at or below <paramref name="path"/>, which is relative to the
    /// root. The tree is where the snapshot was made, or <paramref name="directory"/>, which then stands for what is at the path.
    /// </summary>
    /// <param name="repository">The repository.</param>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="path">What of it, bytes; null or empty for all.</param>
    /// <param name="directory">The tree, an absolute path; null for where the snapshot was made.</param>
    /// <param name="byContent">Content is compared by its bytes, which are all read; else it is the same if size and time of modification
    /// are.</param>
    /// <param name="failed">Takes what could not be read.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="VarveException">NotFound: neither has the path, or the tree is not there. Usage: the snapshot is of another host,
    /// or of several roots that were put together. Damaged. WrongKey without the full key.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static LiveComparisonResult Run(Repository repository, SnapshotInfo snapshot, byte[]? path, byte[]? directory, bool byContent,
        Action<Failure> failed, CancellationToken cancellationToken)
    {
        repository.RequireFull("comparing with files");
        SnapshotPrivate names = snapshot.Snapshot.Private!;
        if (directory is null && names.Host != repository.Options.Host.Name)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Snapshot(snapshot.Name), $"is of another host, {names.Host}", Advice.NameTree);
        }

        FetchMeta meta = repository.MetaChunks.Read;
        byte[] below = path ?? [];
        LivePlace place = directory is null ? LivePlace.Of(names) : LivePlace.At(directory, below);
        if (Posix.StatAt(Posix.AT_FDCWD, place.Root, out _) != 0)
        {
            throw new VarveException(ErrorKind.NotFound, Subject.Request(PathText.Of(place.Root)), "is not there now", Advice.CheckPath);
        }

        (DirectoryHandle? parent, byte[] name) = Open(place.PathOf(below));
        try
        {
            var content = new ContentReader(repository.ChunkSource, meta);
            var entries = new LiveEntry(byContent ? new FileEquality(content, cancellationToken) : null);
            var found = new DifferenceList((before, now) =>
            {
                int errno = entries.Complete(place.PathOf(now.Path), before, ref now);
                if (errno != 0) { failed(new Failure(now.Path, FailedOperation.Read, errno, Errno.Message(errno))); }
                return now;
            });
            LeftOut left = LeftOut.Of(meta, snapshot.Snapshot);
            var live = new LiveDifferences(meta, new EntryBudget(snapshot, isUnlimited: false), SnapshotComparison.Lacking(meta, snapshot),
                (at, isDirectory) => Why(left, at, isDirectory), place, entries, found, failed);
            FoundEntry? before = Before(meta, snapshot, below, mayBeMissing: parent is not null && Posix.StatAt(parent.Fd, name, out _) == 0);
            live.Find(below, before?.Table, parent, name, cancellationToken);
            return new LiveComparisonResult(found.Result(null), live.Omitted);
        }
        finally { parent?.Release(); }
    }

    /// <summary>What came later than the snapshot, and a rule of it excludes, the next backup leaves out as well.</summary>
    private static LeftOutReason? Why(LeftOut left, byte[] path, bool isDirectory) =>
        left.Find(path, isDirectory, out _)?.Reason ?? (left.RuleFor(path, isDirectory) is null ? null : LeftOutReason.Excluded);

    private static FoundEntry? Before(FetchMeta meta, SnapshotInfo snapshot, byte[] path, bool mayBeMissing)
    {
        try { return SnapshotPaths.Find(meta, snapshot, path); }
        catch (VarveException e) when (e.Kind == ErrorKind.NotFound && e.Subject.Kind == SubjectKind.Snapshot && mayBeMissing)
        {
            // All there is now is new.
            return null;
        }
    }

    /// <summary>The directory that a path lies in, and its name there; no directory if that is not there.</summary>
    private static (DirectoryHandle? Parent, byte[] Name) Open(byte[] path)
    {
        int slash = path.AsSpan().LastIndexOf((byte)'/');
        if (path is [(byte)'/'] || slash < 0) { return (DirectoryHandle.Open(path is [(byte)'/'] ? path : "."u8, out _), "."u8.ToArray()); }
        return (DirectoryHandle.Open(slash == 0 ? "/"u8 : path.AsSpan(0, slash), out _), path[(slash + 1)..]);
    }
}
