using System.Security.Cryptography;
using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Store;

/// <content>Putting objects, and what a crash leaves behind.</content>
internal sealed partial class LocalStore
{
    private const uint FileMode = Modes.ReadOnlyFile;

    // Directories that exist durably, with their parents, as far as this instance has made sure. Guarded by itself. At most those of the keys used.
    private readonly HashSet<string> _durableDirectories = new(StringComparer.Ordinal) { "" };

    /// <inheritdoc/>
    public bool Put(string key, ReadOnlySpan<byte> bytes)
    {
        // Not only cheaper: a full disk must not keep a writer from finding out that the object is there.
        if (TryGetLength(key, out _))
        {
            MakeDirectory(key);
            SyncDirectoryOf(key); // who put it may have crashed before this
            return false;
        }

        return Write(key, bytes, replace: false);
    }

    /// <inheritdoc/>
    public void Replace(string key, ReadOnlySpan<byte> bytes)
    {
        StoreKey.CheckMutable(key);
        Write(key, bytes, replace: true);
        _files.Remove(key);
    }

    /// <summary>
    /// Removes files below <c>tmp/</c> whose writers are gone, of this and other processes; returns their number. Files that are being written now, by anybody,
    /// stay. On a network file system without locks nothing is removed.
    /// </summary>
    public int CleanUp()
    {
        int removed = 0;
        foreach ((string name, _) in ReadDirectory("tmp", missing: Absent.IsEmpty))
        {
            if (DurableFile.RemoveIfAbandoned(Root, Encoding.ASCII.GetBytes("tmp/" + name))) { removed++; }
        }

        return removed;
    }

    /// <inheritdoc/>
    public IStagedObject Stage()
    {
        SafeFd file = CreateTemporary("a new object", out byte[] temporary);
        return new StagedFile(this, temporary, file);
    }

    /// <summary>
    /// Makes a written temporary file durable and gives it its name; the file is gone if that fails or the name is taken. The caller closes the descriptor.
    /// </summary>
    internal bool Publish(string key, ReadOnlySpan<byte> temporary, SafeFd file, bool replace)
    {
        StoreKey.Check(key);
        Span<byte> path = stackalloc byte[key.Length];
        Encoding.ASCII.GetBytes(key, path);
        int errno;
        try
        {
            MakeDirectory(key);
            errno = Posix.Sync(file.Value);
            if (errno == 0) { errno = replace ? Exchange(key, temporary) : DurableFile.Publish(Root, temporary, path, replace: false); }
        }
        catch
        {
            Discard(temporary);
            throw;
        }

        if (errno != 0) { Discard(temporary); }
        if (errno != 0 && errno != Errno.EEXIST) { throw Error(errno, "written", key); }
        SyncDirectoryOf(key);
        return errno == 0;
    }

    internal void Discard(ReadOnlySpan<byte> temporary) => Posix.UnlinkAt(Root, temporary);

    private bool Write(string key, ReadOnlySpan<byte> bytes, bool replace)
    {
        MakeDirectory(key);
        SafeFd file = CreateTemporary(key, out byte[] temporary);
        try
        {
            int errno = Posix.WriteAll(file.Value, bytes);
            if (errno != 0)
            {
                Discard(temporary);
                throw Error(errno, "written", key);
            }

            return Publish(key, temporary, file, replace);
        }
        finally
        {
            file.Close();
        }
    }

    private SafeFd CreateTemporary(string key, out byte[] temporary)
    {
        temporary = Encoding.ASCII.GetBytes("tmp/" + RandomNumberGenerator.GetHexString(32, lowercase: true));
        MakeDirectory("tmp/x");
        int errno = DurableFile.CreateLocked(Root, temporary, FileMode, out SafeFd file);
        return errno == 0 ? file : throw Error(errno, "written", key);
    }

    /// <summary>
    /// Renames over an object. While it happens nobody lists the directory (see ReadDirectory): some file systems give the new file another place in it, and a
    /// reader that has passed that place, but not yet come to the old one, would see neither.
    /// </summary>
    private int Exchange(string key, ReadOnlySpan<byte> temporary)
    {
        string parent = key[..Math.Max(0, key.LastIndexOf('/'))];
        int openErrno = Posix.OpenAt(Root, Encoding.ASCII.GetBytes(parent.Length == 0 ? "." : parent), Posix.O_RDONLY | Posix.O_DIRECTORY, out SafeFd directory);
        if (openErrno != 0) { return openErrno; }
        try
        {
            Posix.Lock(directory.Value, Posix.LOCK_SH); // without locks, listings help themselves
            return DurableFile.Publish(Root, temporary, Encoding.ASCII.GetBytes(key), replace: true);
        }
        finally
        {
            directory.Close();
        }
    }

    /// <summary>Makes the directories of a key, and sure that they stay.</summary>
    private void MakeDirectory(string key)
    {
        for (int end = key.IndexOf('/'); end > 0; end = key.IndexOf('/', end + 1))
        {
            string directory = key[..end];
            lock (_durableDirectories)
            {
                if (_durableDirectories.Contains(directory)) { continue; }
            }

            int errno = Posix.MakeDirectoryAt(Root, Encoding.ASCII.GetBytes(directory), DirectoryMode);
            if (errno is not (0 or Errno.EEXIST)) { throw Error(errno, "written", key); }
            SyncDirectoryOf(directory); // also if it existed: who made it may not have come to this
            lock (_durableDirectories) { _durableDirectories.Add(directory); }
        }
    }

    private void SyncDirectoryOf(string key)
    {
        int errno = DurableFile.SyncDirectory(Root, Encoding.ASCII.GetBytes(key[..Math.Max(0, key.LastIndexOf('/'))]));
        if (errno != 0) { throw Error(errno, "written", key); }
    }
}
