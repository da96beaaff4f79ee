using Varve.Model;

namespace Varve.Repositories;

/// <summary>
/// Who holds it alone changes what the catalog says of one source: a backup for as long as it runs, and whoever mends or imports that source's snapshots.
/// An advisory lock that the kernel drops when its process ends, however it ends.
/// </summary>
internal sealed class SourceLock : IDisposable
{
    private const int WouldBlock = 11; // EWOULDBLOCK

    private readonly FileStream _file;

    private SourceLock(FileStream file) => _file = file;

    /// <exception cref="VarveException">Busy; Storage if the lock's file cannot be made.</exception>
    internal static SourceLock Take(string folder, Bytes32 id, ReadOnlySpan<byte> source) => TryTake(folder, id)
        ?? throw new VarveException(ErrorKind.Busy, Subject.Source(source), "another backup of it is running", Advice.WaitForOther);

    /// <summary>Null if another holds it.</summary>
    internal static SourceLock? TryTake(string folder, Bytes32 source) => TryTake(Path.Combine(folder, $"source-{source}.lock"));

    /// <summary>All sources of a cache, so that nobody is writing to its catalog.</summary>
    /// <exception cref="VarveException">Busy if a backup is running that is not of <paramref name="held"/>, the source whose lock the caller has.</exception>
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
            throw new VarveException(ErrorKind.Busy, Subject.Catalog(), "must be built anew, but another backup is using it", Advice.WaitForOther);
        }

        return all;
    }

    private static SourceLock? TryTake(string path)
    {
        try
        {
            return new SourceLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e.HResult == WouldBlock)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VarveException(ErrorKind.Storage, Subject.Cache(path), $"cannot be made: {e.Message}", Advice.ChooseCache, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
