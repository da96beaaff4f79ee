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
/// 4. (Invariant 14.) Nothing but the way to the root follows a symlink, and nothing outside the root is read, written or removed, whoever
/// changes names below it meanwhile. A symlink is an error or damage, never absence.
/// 5. Whatever the process makes belongs to the owner of the store (<see cref="StoreOwner"/>), or is refused.
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

    /// <summary>
    /// Throws Storage if one of these directories of the store, or that of temporary files, is a symlink: it is not followed.
    /// </summary>
    public void RefuseLinks(params ReadOnlySpan<string> directories)
    {
        foreach (string directory in (ReadOnlySpan<string>)[.. directories, StoreKey.TemporaryDirectory])
        {
            string name = directory.TrimEnd('/');
            if (_root.Stat(name, out _) == Errno.ELOOP) { throw _root.LinkError(name, ErrorKind.Storage); }
        }
    }

    /// <summary>
    /// Opens the store and makes its directory, durably and with mode 0700, if it does not exist. Throws Storage if the file system cannot
    /// hold a store: then nothing was made.
    /// </summary>
    public static LocalStore Create(string root)
    {
        var made = new Stack<byte[]>();
        LocalStore? store = null;
        try
        {
            store = Create(root, made);
            // What is in use is a repository already, or refused: not even its time changes.
            if (!store.HoldsOtherThan()) { StoreProbe.Run(store._root, store.Description); }
            return store;
        }
        catch
        {
            store?.Dispose();
            foreach (byte[] directory in made) { Posix.UnlinkAt(Posix.AT_FDCWD, directory, Posix.AT_REMOVEDIR); }
            throw;
        }
    }

    private static LocalStore Create(string root, Stack<byte[]> made)
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
            if (errno == 0) { made.Push(directory); }
            if (errno == 0 && Posix.StatAt(Posix.AT_FDCWD, directory, out EntryStat stat) == 0 && stat.Mode != Modes.PrivateDirectory)
            {
                Posix.SetModeAt(Posix.AT_FDCWD, directory, Modes.PrivateDirectory); // the umask took from it
            }

            byte[] parent = Encoding.UTF8.GetBytes(path[..Math.Max(1, path.LastIndexOf('/', end - 1))]);
            errno = DurableFile.SyncDirectory(Posix.AT_FDCWD, parent);
            if (errno != 0) { throw StoreErrors.Error(errno, "made", Subject.Path(path[..end])); }
        }

        return new LocalStore(path);
    }

    /// <summary>
    /// Whether there is anything below the root but these directories, what a file system puts there itself (<c>lost+found</c>), and what
    /// was left when a store was being made. Objects and what can be none count alike. Throws Storage if that cannot be read.
    /// </summary>
    internal bool HoldsOtherThan(params ReadOnlySpan<string> directories)
    {
        int errno = _root.Open("", Posix.O_RDONLY | Posix.O_DIRECTORY, out SafeFd fd);
        bool found = false;
        if (errno == 0)
        {
            var reader = new DirectoryReader();
            errno = reader.Begin(fd.Value);
            while (!found && errno == 0 && reader.Next(out ReadOnlySpan<byte> name, out _, out _, out errno))
            {
                string text = Encoding.Latin1.GetString(name);
                found = text is not ("lost+found" or StoreKey.TemporaryDirectory) && !StoreProbe.IsOwn(text) && !directories.Contains(text);
            }

            fd.Close();
        }

        return errno == 0 ? found : throw _root.Error(errno, "listed", "/");
    }

    /// <inheritdoc/>
    public bool TryGetLength(string key, out long length)
    {
        StoreKey.Check(key);
        length = 0;
        int errno = _root.Stat(key, out EntryStat stat);
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
            if (errno != 0) { throw _root.Unreadable(errno, "read", key); }
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
    public IEnumerable<StoreObject> List(string prefix) => _lister.List(prefix, unreadable: null);

    /// <inheritdoc/>
    public IEnumerable<StoreObject> List(string prefix, Action<VarveException> unreadable) => _lister.List(prefix, unreadable);

    /// <inheritdoc/>
    public bool Put(string key, ReadOnlySpan<byte> bytes)
    {
        // Not only cheaper: a full disk must not keep a writer from finding out that the object is there.
        StoreKey.Check(key);
        int errno = _root.Stat(key, out EntryStat stat);
        if (errno is not (0 or Errno.ENOENT)) { throw _root.Error(errno, "written", key); }
        if (errno == 0)
        {
            _root.RequireFile(key, in stat);
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
        _files.Remove(key);
        int errno = _root.OpenParent(key, out SafeFd directory);
        if (errno == 0) { errno = Posix.UnlinkAt(directory.Value, StoreRoot.NameIn(key)); }
        directory.Close();
        if (errno == 0) { return true; }
        if (errno != Errno.ENOENT) { throw _root.Error(errno, "deleted", key); }
        _root.RequireAbsence(errno, "deleted", key);
        return false;
    }

    /// <inheritdoc/>
    public int Delete(IReadOnlyCollection<string> keys)
    {
        int removed = 0;
        var directories = new Dictionary<string, string>(StringComparer.Ordinal); // each with one of the keys that lay in it
        foreach (string key in keys)
        {
            // Also of what is gone: who removed it may not have made that durable.
            removed += Delete(key) ? 1 : 0;
            directories[key[..Math.Max(0, key.LastIndexOf('/'))]] = key;
        }

        foreach (string key in directories.Values) { _writer.MakeRemovalsDurable(key); }
        return removed;
    }

    /// <inheritdoc/>
    public long? FreeBytes() => Posix.FreeBytes(_root.Descriptor, out long free) == 0 ? free : null;

    /// <summary>
    /// Removes files below <c>tmp/</c> whose writers are gone, of this and other processes; returns their number. Files that are being
    /// written now, by anybody, stay, and so does whatever is not what a writer leaves: a regular file under a name that a writer makes, of
    /// the store's owner, without another name. On a network file system without locks nothing is removed.
    /// </summary>
    public int CleanUp()
    {
        int errno = _root.Open(StoreKey.TemporaryDirectory, Posix.O_RDONLY | Posix.O_DIRECTORY, out SafeFd directory);
        if (errno == Errno.ENOENT) { return 0; }
        int removed = 0;
        try
        {
            var reader = new DirectoryReader();
            if (errno == 0) { errno = reader.Begin(directory.Value); }
            var names = new List<byte[]>();
            while (errno == 0 && reader.Next(out ReadOnlySpan<byte> name, out _, out _, out errno))
            {
                if (ObjectWriter.IsTemporary(name)) { names.Add(name.ToArray()); }
            }

            if (errno != 0) { throw _root.Error(errno, "listed", StoreKey.TemporaryDirectory); }
            foreach (byte[] name in names)
            {
                if (DurableFile.RemoveIfAbandoned(directory.Value, name, _root.Owner.User)) { removed++; }
            }
        }
        finally { directory.Close(); }

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
        SafeFd file;
        int openErrno;
        Patience patience = default; // a file server may have a lease on it for a client that has just written it
        do { openErrno = _root.Open(key, Posix.O_RDONLY | Posix.O_NONBLOCK | Posix.O_NOCTTY, out file); } while (patience.Again(openErrno));
        if (openErrno != 0) { _root.RequireAbsence(openErrno, "opened", key); }
        return file;
    }

    private void ReadExactly(string key, int fd, long offset, Span<byte> destination)
    {
        for (int done = 0; done < destination.Length;)
        {
            int errno = Posix.ReadAt(fd, destination[done..], offset + done, out int read);
            if (errno != 0) { throw _root.Unreadable(errno, "read", key); }
            if (read == 0) { throw _root.Truncated(key, offset + destination.Length); }
            done += read;
        }
    }
}
