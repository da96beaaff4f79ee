using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.History.Import;

/// <summary>
/// Who holds it alone changes what the catalog says of one source: a backup for as long as it runs, and whoever mends or imports that
/// source's snapshots. An advisory lock that the kernel drops when its process ends, however it ends.
/// </summary>
internal sealed class SourceLock : IDisposable
{
    private const string Prefix = "source-", Suffix = ".lock";

    private readonly FileLock _lock;

    private SourceLock(FileLock taken) => _lock = taken;

    /// <exception cref="VarveException">Busy; Storage if the lock's file cannot be made.</exception>
    internal static SourceLock Take(PrivateDirectory folder, Bytes32 id, ReadOnlySpan<byte> source) => TryTake(folder, id)
        ?? throw Busy(source);

    /// <summary>Another backup of the source is running.</summary>
    internal static VarveException Busy(ReadOnlySpan<byte> source) =>
        new(ErrorKind.Busy, Subject.Source(source), "another backup of it is running", Advice.WaitForOther);

    /// <summary>Null if another holds it.</summary>
    internal static SourceLock? TryTake(PrivateDirectory folder, Bytes32 source) => TryTake(folder, NameOf(source));

    /// <summary>All sources of a cache, so that nobody is writing to its catalog.</summary>
    /// <exception cref="VarveException">Busy if a backup is running that is not of <paramref name="held"/>, the source whose lock the
    /// caller has.</exception>
    internal static List<SourceLock> TakeAll(PrivateDirectory folder, Bytes32? held)
    {
        var all = new List<SourceLock>();
        int errno = folder.List(out List<string> names);
        if (errno != 0)
        {
            throw new VarveException(ErrorKind.Storage, Subject.Cache(folder.Path), $"cannot be listed: {Errno.Message(errno)}",
                Advice.ChooseCache);
        }

        foreach (string name in names.Where(static n => n.StartsWith(Prefix, StringComparison.Ordinal)
            && n.EndsWith(Suffix, StringComparison.Ordinal)))
        {
            if (held is { } own && name == NameOf(own)) { continue; }
            if (TryTake(folder, name) is { } taken)
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

    private static string NameOf(Bytes32 source) => Prefix + source + Suffix;

    private static SourceLock? TryTake(PrivateDirectory folder, string name)
    {
        int errno = FileLock.TryTake(folder.Fd, Encoding.UTF8.GetBytes(name), out FileLock? taken);
        if (taken is not null) { return new SourceLock(taken); }
        if (errno == Errno.EAGAIN) { return null; }
        throw new VarveException(ErrorKind.Storage, Subject.Cache(Path.Combine(folder.Path, name)),
            $"cannot be made: {Errno.Message(errno)}", Advice.ChooseCache);
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}
