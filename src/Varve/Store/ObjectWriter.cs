using System.Security.Cryptography;
using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Store;

/// <summary>Writes objects below a store's root: to a temporary file, synced, renamed, its directory synced. Thread-safe.</summary>
internal sealed class ObjectWriter(StoreRoot root)
{
    // Directories that exist durably, with their parents, as far as this instance has made sure. Guarded by itself. At most those of the
    // keys used.
    private readonly HashSet<string> _durableDirectories = new(StringComparer.Ordinal) { "" };

    /// <summary>
    /// Makes a written temporary file durable and gives it its name; the file is gone if that fails or the name is taken. The caller closes
    /// the descriptor.
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
            if (errno == 0)
            {
                errno = replace ? Exchange(key, temporary) : DurableFile.Publish(root.Descriptor, temporary, path, replace: false);
            }
        }
        catch
        {
            Discard(temporary);
            throw;
        }

        if (errno != 0) { Discard(temporary); }
        if (errno != 0 && errno != Errno.EEXIST) { throw root.Error(errno, "written", key); }
        SyncDirectoryOf(key);
        return errno == 0;
    }

    /// <summary>Removes a temporary file.</summary>
    internal void Discard(ReadOnlySpan<byte> temporary) => Posix.UnlinkAt(root.Descriptor, temporary);

    /// <summary>Writes an object, over another one if it may.</summary>
    internal bool Write(string key, ReadOnlySpan<byte> bytes, bool replace)
    {
        MakeDirectory(key);
        SafeFd file = CreateTemporary(key, out byte[] temporary);
        try
        {
            int errno = Posix.WriteAll(file.Value, bytes);
            if (errno != 0)
            {
                Discard(temporary);
                throw root.Error(errno, "written", key);
            }

            return Publish(key, temporary, file, replace);
        }
        finally { file.Close(); }
    }

    /// <summary>A new temporary file, locked; the key is for errors.</summary>
    internal SafeFd CreateTemporary(string key, out byte[] temporary)
    {
        temporary = Encoding.ASCII.GetBytes("tmp/" + RandomNumberGenerator.GetHexString(32, lowercase: true));
        MakeDirectory("tmp/x");
        int errno = DurableFile.CreateLocked(root.Descriptor, temporary, Modes.ReadOnlyFile, out SafeFd file);
        return errno == 0 ? file : throw root.Error(errno, "written", key);
    }

    /// <summary>
    /// Renames over an object. While it happens nobody lists the directory (see ObjectLister): some file systems give the new file another
    /// place in it, and a reader that has passed that place, but not yet come to the old one, would see neither.
    /// </summary>
    private int Exchange(string key, ReadOnlySpan<byte> temporary)
    {
        string parent = key[..Math.Max(0, key.LastIndexOf('/'))];
        int openErrno = Posix.OpenAt(root.Descriptor, Encoding.ASCII.GetBytes(parent.Length == 0 ? "." : parent),
            Posix.O_RDONLY | Posix.O_DIRECTORY, out SafeFd directory);
        if (openErrno != 0) { return openErrno; }
        try
        {
            Posix.Lock(directory.Value, Posix.LOCK_SH); // without locks, listings help themselves
            return DurableFile.Publish(root.Descriptor, temporary, Encoding.ASCII.GetBytes(key), replace: true);
        }
        finally { directory.Close(); }
    }

    /// <summary>Makes the directories of a key, and sure that they stay.</summary>
    internal void MakeDirectory(string key)
    {
        for (int end = key.IndexOf('/'); end > 0; end = key.IndexOf('/', end + 1))
        {
            string directory = key[..end];
            lock (_durableDirectories)
            {
                if (_durableDirectories.Contains(directory)) { continue; }
            }

            int errno = Posix.MakeDirectoryAt(root.Descriptor, Encoding.ASCII.GetBytes(directory), Modes.PrivateDirectory);
            if (errno is not (0 or Errno.EEXIST)) { throw root.Error(errno, "written", key); }
            SyncDirectoryOf(directory); // also if it existed: who made it may not have come to this
            lock (_durableDirectories) { _durableDirectories.Add(directory); }
        }
    }

    /// <summary>Makes the name of an object durable.</summary>
    internal void SyncDirectoryOf(string key)
    {
        int errno = DurableFile.SyncDirectory(root.Descriptor, Encoding.ASCII.GetBytes(key[..Math.Max(0, key.LastIndexOf('/'))]));
        if (errno != 0) { throw root.Error(errno, "written", key); }
    }
}
