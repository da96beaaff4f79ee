using System.Text;
using Varve.Model;
using Varve.Platform;

namespace Varve.Store;

/// <summary>The root of a local store, held open, and errors of objects below it. Thread-safe.</summary>
internal sealed class StoreRoot(SafeFd root, string description) : IDisposable
{
    private int _disposed;

    /// <summary>The root's descriptor, as long as the store is open.</summary>
    internal int Descriptor
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
            return root.Value;
        }
    }

    internal Subject Named(string key) => Subject.Object(key, description);

    internal VarveException Error(int errno, string done, string key) => StoreErrors.Error(errno, done, Named(key));

    internal VarveException Truncated(string key, long needed) =>
        VarveException.Damaged(Named(key), $"it is truncated: it ends before byte {needed}");

    internal void RequireFile(string key, in EntryStat stat)
    {
        if (stat.Kind != EntryKind.File) { throw VarveException.Damaged(Named(key), "it is not a regular file"); }
    }

    /// <summary>After a failed call: throws unless it failed because there is no such name in a store that is there.</summary>
    internal void RequireAbsence(int errno, string done, string key)
    {
        if (errno != Errno.ENOENT) { throw Error(errno, done, key); }
        // removed meanwhile
        if (Posix.Stat(Descriptor, out EntryStat root) != 0 || root.Links == 0) { throw Error(Errno.ESTALE, done, key); }
        for (int end = 1; end <= key.Length; end++)
        {
            if (end < key.Length && key[end] != '/') { continue; }
            if (Posix.StatAt(Descriptor, Encoding.ASCII.GetBytes(key[..end]), out EntryStat stat) == 0 && stat.Kind == EntryKind.Symlink)
            {
                throw new VarveException(ErrorKind.Storage, Named(key[..end]), "is a symbolic link that leads nowhere", Advice.MendLink);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) { root.Close(); }
    }
}
