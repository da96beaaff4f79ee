using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.History;

/// <summary>
/// Who holds it alone changes what the catalog says of one source: a backup for as long as it runs, and whoever mends or imports that
/// source's snapshots. An advisory lock that the kernel drops when its process ends, however it ends.
/// </summary>
internal sealed class SourceLock : IDisposable
{
    private readonly FileLock _lock;

    private SourceLock(FileLock taken) => _lock = taken;

    /// <exception cref="VarveException">Busy; Storage if the lock's file cannot be made.</exception>
    internal static SourceLock Take(string folder, Bytes32 id, ReadOnlySpan<byte> source) => TryTake(folder, id)
        ?? throw new VarveException(ErrorKind.Busy, Subject.Source(source), "another backup of it is running", Advice.WaitForOther);

    /// <summary>Null if another holds it.</summary>
    internal static SourceLock? TryTake(string folder, Bytes32 source) => TryTake(Path.Combine(folder, $"source-{source}.lock"));

    /// <summary>All sources of a cache, so that nobody is writing to its catalog.</summary>
    /// <exception cref="VarveException">Busy if a backup is running that is not of <paramref name="held"/>, the source whose lock the
    /// caller has.</exception>
    internal static List<SourceLock> TakeAll(string folder, Bytes32? held)
    {
        var all = new List<SourceLock>();
        foreach (string path in Directory.EnumerateFiles(folder, "source-*.lock"))
        {
            if (held is { } own && path == Path.Combine(folder, $"source-{own}.lock")) { continue; }
            if (TryTake(path) is { } taken)
            {
                all.Add(taken);
                continue;
            }

            foreach (SourceLock other in all) { other.Dispose(); }
            throw new VarveException(ErrorKind.Busy, Subject.Catalog(), "must be built anew, but another backup is using it",
                Advice.WaitForOther);
        }

        return all;
    }

    private static SourceLock? TryTake(string path)
    {
        int errno = FileLock.TryTake(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(path), out FileLock? taken);
        if (taken is not null) { return new SourceLock(taken); }
        if (errno == Errno.EAGAIN) { return null; }
        throw new VarveException(ErrorKind.Storage, Subject.Cache(path), $"cannot be made: {Errno.Message(errno)}", Advice.ChooseCache);
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}
