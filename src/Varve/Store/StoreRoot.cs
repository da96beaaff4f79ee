using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Store;

/// <summary>
/// The root of a local store, held open; the only way to what lies below it, which follows no symlink; and errors of objects there.
/// Thread-safe.
/// </summary>
internal sealed class StoreRoot(SafeFd root, string description) : IDisposable
{
    private const string NotFollowed = "is a symbolic link, and none is followed inside a repository";

    private readonly Lazy<StoreOwner> _owner = new(() => StoreOwner.Of(root));
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

    /// <summary>Whose the files of this store are.</summary>
    internal StoreOwner Owner => _owner.Value;

    /// <summary>Opens what is at a key, or at a directory's path, empty for the root: 0 or an error number; ELOOP for a symlink.</summary>
    internal int Open(ReadOnlySpan<char> path, int flags, out SafeFd file)
    {
        Span<byte> bytes = stackalloc byte[Math.Max(1, path.Length)];
        if (path.IsEmpty) { bytes[0] = (byte)'.'; }
        else { Encoding.ASCII.GetBytes(path, bytes); }
        return Beneath.Open(Descriptor, bytes, flags, out file);
    }

    /// <summary>Opens the directory of a key, by default only to name what is in it: 0 or an error number.</summary>
    internal int OpenParent(string key, out SafeFd directory, int flags = Posix.O_PATH) =>
        Open(key.AsSpan(0, Math.Max(0, key.LastIndexOf('/'))), flags | Posix.O_DIRECTORY, out directory);

    /// <summary>The name of a key in its directory.</summary>
    internal static byte[] NameIn(string key) => Encoding.ASCII.GetBytes(key[(key.LastIndexOf('/') + 1)..]);

    /// <summary>The stat of what is at a key: 0 or an error number; ELOOP for a symlink.</summary>
    internal int Stat(ReadOnlySpan<char> key, out EntryStat stat)
    {
        stat = default;
        int errno = Open(key, Posix.O_PATH, out SafeFd file);
        if (errno != 0) { return errno; }
        errno = Posix.Stat(file.Value, out stat);
        file.Close();
        return errno;
    }

    internal Subject Named(string key) => Subject.Object(key, description);

    /// <summary>The store failed.</summary>
    internal VarveException Error(int errno, string done, string key) =>
        errno == Errno.ELOOP && FirstLink(key) is { } link ? LinkError(link, ErrorKind.Storage)
        : StoreErrors.Error(errno, done, Named(key));

    /// <summary>
    /// A reading call failed for one object, or for one directory, whose path ends with a slash: damage of that, whatever keeps it from
    /// being read; or the store itself is gone (invariant 5).
    /// </summary>
    internal VarveException Unreadable(int errno, string done, string key)
    {
        if (StoreErrors.IsOfProcess(errno) || !IsThere()) { return Error(errno, done, key); }
        if (errno != Errno.ELOOP || FirstLink(key) is not { } link) { return StoreErrors.Damage(errno, done, Named(key)); }
        return LinkError(link, link == key || link.Contains('/') ? ErrorKind.Damaged : ErrorKind.Storage);
    }

    internal VarveException Truncated(string key, long needed) =>
        VarveException.Damaged(Named(key), $"it is truncated: it ends before byte {needed}");

    internal void RequireFile(string key, in EntryStat stat)
    {
        if (stat.Kind != EntryKind.File) { throw VarveException.Damaged(Named(key), "it is not a regular file"); }
    }

    /// <summary>After a failed call: throws unless it failed because there is no such name in a store that is there.</summary>
    internal void RequireAbsence(int errno, string done, string key)
    {
        if (errno != Errno.ENOENT) { throw Unreadable(errno, done, key); }
        // removed meanwhile
        if (Posix.Stat(Descriptor, out EntryStat root) != 0 || root.Links == 0) { throw Error(Errno.ESTALE, done, key); }
    }

    /// <summary>
    /// A symlink stands in the store: what it leads to is none of ours to read, write or remove. Storage for a whole store that relies on
    /// it, Damaged for a part.
    /// </summary>
    internal VarveException LinkError(string path, ErrorKind kind) =>
        new(kind, Named(path), kind == ErrorKind.Damaged ? "it " + NotFollowed : NotFollowed, Advice.MendLink);

    /// <summary>Whether the root still answers: it can be opened anew and listed.</summary>
    private bool IsThere()
    {
        if (Posix.Stat(Descriptor, out EntryStat stat) != 0 || stat.Links == 0) { return false; }
        if (Open("", Posix.O_RDONLY | Posix.O_DIRECTORY, out SafeFd directory) != 0) { return false; }
        var reader = new DirectoryReader();
        int errno = reader.Begin(directory.Value);
        if (errno == 0) { _ = reader.Next(out _, out _, out _, out errno); }
        directory.Close();
        return errno == 0;
    }

    /// <summary>The first component of a path that is a symlink; null if none is.</summary>
    private string? FirstLink(string path)
    {
        for (int end = 1; end <= path.Length; end++)
        {
            if (end < path.Length && path[end] != '/') { continue; }
            string key = path[..end];
            if (OpenParent(key, out SafeFd parent) != 0) { return null; }
            int errno = Posix.StatAt(parent.Value, NameIn(key), out EntryStat stat);
            parent.Close();
            if (errno == 0 && stat.Kind == EntryKind.Symlink) { return key; }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) { root.Close(); }
    }
}
