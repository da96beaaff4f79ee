using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Store;

/// <summary>
/// A store in a directory of this machine, or of one mounted here. A key is a path below the root.
/// </summary>
/// <remarks>
/// Invariants:
/// 1. (Invariant 2 of the design.) An object is written below <c>tmp/</c>, fsynced, renamed to its key without replacing, and the directory
/// fsynced; so are the parents of directories that were made. A crash leaves at most a file below <c>tmp/</c>, which is no object.
/// 2. Files are 0400 and directories 0700: nothing but their owner reads them, and nobody changes an object by accident.
/// 3. The root is held open: what is unmounted or moved away below a running program is an error, never an empty store.
/// 4. Symlinks below the root are not made and not expected: one that leads nowhere is an error, never absence.
/// Thread-safe. At most 64 idle descriptors; <see cref="Dispose"/> closes them.
/// </remarks>
internal sealed class LocalStore : IStore, IDisposable
{
    private readonly StoreRoot _root;
    private readonly ObjectLister _lister;
    private readonly ObjectWriter _writer;
    private readonly OpenFileCache _files = new();

    /// <summary>Opens the store in an existing directory. NoRepository if there is none, Storage if it cannot be opened.</summary>
    public LocalStore(string root)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        Description = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        int errno = Posix.OpenAt(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(Description), Posix.O_RDONLY | Posix.O_DIRECTORY,
            out SafeFd directory);
        if (errno != 0)
        {
            throw errno is Errno.ENOENT or Errno.ENOTDIR
                ? new VarveException(ErrorKind.NoRepository, Subject.Repository(Description), "that is no directory", Advice.CheckMount)
                : StoreErrors.Error(errno, "opened", Subject.Repository(Description));
        }

        _root = new StoreRoot(directory, Description);
        _lister = new ObjectLister(_root);
        _writer = new ObjectWriter(_root);
    }

    /// <inheritdoc/>
    public string Description { get; }

    /// <summary>Opens the store and makes its directory, durably and with mode 0700, if it does not exist.</summary>
    public static LocalStore Create(string root)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        for (int end = 1; end <= path.Length; end++)
        {
            if (end < path.Length && path[end] != '/') { continue; }
            byte[] directory = Encoding.UTF8.GetBytes(path, 0, end);
            if (Posix.StatAt(Posix.AT_FDCWD, directory, out _, 0) == 0) { continue; }
            int errno = Posix.MakeDirectoryAt(Posix.AT_FDCWD, directory, Modes.PrivateDirectory);
            if (errno is not (0 or Errno.EEXIST)) { throw StoreErrors.Error(errno, "made", Subject.Path(path[..end])); }
            byte[] parent = Encoding.UTF8.GetBytes(path[..Math.Max(1, path.LastIndexOf('/', end - 1))]);
            errno = DurableFile.SyncDirectory(Posix.AT_FDCWD, parent);
            if (errno != 0) { throw StoreErrors.Error(errno, "made", Subject.Path(path[..end])); }
        }

        return new LocalStore(path);
    }

    /// <inheritdoc/>
    public bool TryGetLength(string key, out long length)
    {
        StoreKey.Check(key);
        Span<byte> path = stackalloc byte[key.Length];
        Encoding.ASCII.GetBytes(key, path);
        length = 0;
        int errno = Posix.StatAt(_root.Descriptor, path, out EntryStat stat, 0);
        if (errno != 0)
        {
            _root.RequireAbsence(errno, "looked for", key);
            return false;
        }

        _root.RequireFile(key, stat);
        length = stat.Size;
        return true;
    }

    /// <inheritdoc/>
    public byte[]? Get(string key, long maxLength)
    {
        StoreKey.Check(key);
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength);
        SafeFd file = Open(key);
        if (!file.IsOpen) { return null; }
        try
        {
            int errno = Posix.Stat(file.Value, out EntryStat stat);
            if (errno != 0) { throw _root.Error(errno, "read", key); }
            _root.RequireFile(key, stat);
            if (stat.Size > Math.Min(maxLength, Array.MaxLength))
            {
                throw VarveException.Damaged(_root.Named(key), $"it has {stat.Size} bytes, at most {maxLength} are expected");
            }
            var bytes = new byte[stat.Size];
            ReadExactly(key, file.Value, 0, bytes);
            return bytes;
        }
        finally { file.Close(); }
    }

    /// <inheritdoc/>
    public int GetRange(string key, long offset, Span<byte> destination)
    {
        StoreKey.Check(key);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (offset > long.MaxValue - destination.Length) { throw _root.Truncated(key, long.MaxValue); }
        OpenFileCache.Entry? entry = _files.TryAcquire(key);
        if (entry is null)
        {
            SafeFd file = Open(key);
            if (!file.IsOpen) { throw new VarveException(ErrorKind.NotFound, _root.Named(key), "does not exist"); }
            entry = _files.Add(key, file);
        }

        try
        {
            ReadExactly(key, entry.Fd, offset, destination);
            return destination.Length;
        }
        finally
        {
            _files.Release(entry);
            if (StoreKey.IsMutable(key)) { _files.Remove(key); } // the name may stand for another file next time
        }
    }

    /// <inheritdoc/>
    public IEnumerable<StoreObject> List(string prefix) => _lister.List(prefix);

    /// <inheritdoc/>
    public bool Put(string key, ReadOnlySpan<byte> bytes)
    {
        // Not only cheaper: a full disk must not keep a writer from finding out that the object is there.
        if (TryGetLength(key, out _))
        {
            _writer.MakeDirectory(key);
            _writer.SyncDirectoryOf(key); // who put it may have crashed before this
            return false;
        }

        return _writer.Write(key, bytes, replace: false);
    }

    /// <inheritdoc/>
    public void Replace(string key, ReadOnlySpan<byte> bytes)
    {
        StoreKey.CheckMutable(key);
        _writer.Write(key, bytes, replace: true);
        _files.Remove(key);
    }

    /// <inheritdoc/>
    public IStagedObject Stage()
    {
        SafeFd file = _writer.CreateTemporary("a new object", out byte[] temporary);
        return new StagedFile(_writer, Description, temporary, file);
    }

    /// <inheritdoc/>
    public bool Delete(string key)
    {
        StoreKey.Check(key);
        Span<byte> path = stackalloc byte[key.Length];
        Encoding.ASCII.GetBytes(key, path);
        _files.Remove(key);
        int errno = Posix.UnlinkAt(_root.Descriptor, path);
        if (errno == 0) { return true; }
        _root.RequireAbsence(errno, "deleted", key);
        return false;
    }

    /// <summary>
    /// Removes files below <c>tmp/</c> whose writers are gone, of this and other processes; returns their number. Files that are being
    /// written now, by anybody, stay. On a network file system without locks nothing is removed.
    /// </summary>
    public int CleanUp()
    {
        int removed = 0;
        foreach ((string name, _) in _lister.ReadDirectory("tmp", missing: ObjectLister.Absent.IsEmpty))
        {
            if (DurableFile.RemoveIfAbandoned(_root.Descriptor, Encoding.ASCII.GetBytes("tmp/" + name))) { removed++; }
        }

        return removed;
    }

    /// <summary>Closes what is open. No other call may run or follow.</summary>
    public void Dispose()
    {
        _files.Clear();
        _root.Dispose();
    }

    private SafeFd Open(string key)
    {
        Span<byte> path = stackalloc byte[key.Length];
        Encoding.ASCII.GetBytes(key, path);
        int openErrno = Posix.OpenAt(_root.Descriptor, path, Posix.O_RDONLY | Posix.O_NONBLOCK | Posix.O_NOCTTY, out SafeFd file);
        if (openErrno != 0) { _root.RequireAbsence(openErrno, "opened", key); }
        return file;
    }

    private void ReadExactly(string key, int fd, long offset, Span<byte> destination)
    {
        for (int done = 0; done < destination.Length;)
        {
            int errno = Posix.ReadAt(fd, destination[done..], offset + done, out int read);
            if (errno != 0) { throw _root.Error(errno, "read", key); }
            if (read == 0) { throw _root.Truncated(key, offset + destination.Length); }
            done += read;
        }
    }
}
