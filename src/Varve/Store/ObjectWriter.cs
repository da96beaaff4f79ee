using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Platform.Locks;

namespace Varve.Store;

/// <summary>
/// Writes objects below a store's root: to a temporary file, synced, renamed, its directory synced. Names are given and taken in
/// directories that are held open, to which no symlink led. Thread-safe.
/// </summary>
internal sealed class ObjectWriter(StoreRoot root)
{
    private const int NameLength = 32;

    private static readonly SearchValues<byte> s_digits = SearchValues.Create("0123456789abcdef"u8);

    // Directories that exist durably, with their parents, as far as this instance has made sure. Guarded by itself. At most those of the
    // keys used.
    private readonly HashSet<string> _durableDirectories = new(StringComparer.Ordinal) { "" };

    /// <summary>Whether this is the name of a temporary file that a writer makes.</summary>
    internal static bool IsTemporary(ReadOnlySpan<byte> name) => name.Length == NameLength && !name.ContainsAnyExcept(s_digits);

    /// <summary>
    /// Makes a written temporary file durable and gives it its name; the file is gone if that fails or the name is taken. The caller closes
    /// the descriptor.
    /// </summary>
    internal bool Publish(string key, ReadOnlySpan<byte> temporary, SafeFd file, bool replace)
    {
        StoreKey.Check(key);
        int errno;
        SafeFd from = default, to = default;
        try
        {
            MakeDirectory(key);
            errno = Posix.Sync(file.Value);
            if (errno == 0) { errno = root.Open(StoreKey.TemporaryDirectory, Posix.O_PATH | Posix.O_DIRECTORY, out from); }
            if (errno == 0) { errno = root.OpenParent(key, out to, Posix.O_RDONLY); }
            if (errno == 0)
            {
                errno = replace ? Exchange(key, from, temporary, to)
                    : DurableFile.Publish(from.Value, temporary, to.Value, StoreRoot.NameIn(key), replace: false);
            }

            if (errno == Errno.EEXIST) { Discard(temporary); }
            else if (errno != 0) { throw root.Error(errno, "written", key); }
            int synced = DurableFile.SyncDirectory(to.Value);
            if (synced != 0) { throw root.Error(synced, "written", key); }
        }
        catch
        {
            Discard(temporary);
            throw;
        }
        finally
        {
            from.Close();
            to.Close();
        }

        return errno == 0;
    }

    /// <summary>Removes a temporary file.</summary>
    internal void Discard(ReadOnlySpan<byte> temporary)
    {
        if (root.Open(StoreKey.TemporaryDirectory, Posix.O_PATH | Posix.O_DIRECTORY, out SafeFd directory) != 0) { return; }
        Posix.UnlinkAt(directory.Value, temporary);
        directory.Close();
    }

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

    /// <summary>A new temporary file, locked, and its name; the key is for errors.</summary>
    internal SafeFd CreateTemporary(string key, out byte[] temporary)
    {
        MakeDirectory(StoreKey.TemporaryDirectory + "/x");
        int errno = root.Open(StoreKey.TemporaryDirectory, Posix.O_PATH | Posix.O_DIRECTORY, out SafeFd directory);
        if (errno == Errno.ELOOP) { throw root.LinkError(StoreKey.TemporaryDirectory, ErrorKind.Storage); }
        if (errno != 0) { throw root.Error(errno, "written", key); }
        try
        {
            SafeFd file;
            do
            {
                temporary = Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(NameLength, lowercase: true));
                errno = DurableFile.CreateLocked(directory.Value, temporary, Modes.ReadOnlyFile, out file);
            } while (errno == Errno.EEXIST);

            if (errno != 0) { throw root.Error(errno, "written", key); }
            errno = root.Owner.Take(file.Value, Modes.ReadOnlyFile);
            if (errno == 0) { return file; }
            Posix.UnlinkAt(directory.Value, temporary);
            file.Close();
            throw errno == Errno.EPERM ? Foreign(key) : root.Error(errno, "written", key);
        }
        finally { directory.Close(); }
    }

    /// <summary>
    /// Renames over an object. While it happens nobody lists the directory (see ObjectLister): some file systems give the new file another
    /// place in it, and a reader that has passed that place, but not yet come to the old one, would see neither.
    /// </summary>
    private static int Exchange(string key, SafeFd from, ReadOnlySpan<byte> temporary, SafeFd to)
    {
        bool locked = BriefLock.Take(to.Value, Posix.LOCK_SH) == 0; // without it, listings help themselves
        int errno = DurableFile.Publish(from.Value, temporary, to.Value, StoreRoot.NameIn(key), replace: true);
        if (locked) { BriefLock.Release(to.Value); }
        return errno;
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

            int errno = root.OpenParent(directory, out SafeFd parent, Posix.O_RDONLY);
            if (errno != 0) { throw root.Error(errno, "written", key); }
            try
            {
                errno = Make(parent.Value, StoreRoot.NameIn(directory));
                // Also if it existed: who made it may not have come to this.
                if (errno == 0) { errno = DurableFile.SyncDirectory(parent.Value); }
            }
            finally { parent.Close(); }

            if (errno == Errno.EPERM) { throw Foreign(key); }
            if (errno != 0) { throw root.Error(errno, "written", key); }
            lock (_durableDirectories) { _durableDirectories.Add(directory); }
        }
    }

    /// <summary>Makes the name of an object durable.</summary>
    internal void SyncDirectoryOf(string key)
    {
        int errno = root.OpenParent(key, out SafeFd directory, Posix.O_RDONLY);
        if (errno == 0) { errno = DurableFile.SyncDirectory(directory.Value); }
        directory.Close();
        if (errno != 0) { throw root.Error(errno, "written", key); }
    }

    /// <summary>Makes it durable that objects are gone from where a key lies.</summary>
    internal void MakeRemovalsDurable(string key)
    {
        int errno = root.OpenParent(key, out SafeFd directory, Posix.O_RDONLY);
        if (errno == 0) { errno = DurableFile.SyncDirectory(directory.Value); }
        directory.Close();
        if (errno is not (0 or Errno.ENOENT)) { throw root.Error(errno, "deleted", key); }
    }

    private int Make(int parent, ReadOnlySpan<byte> name)
    {
        int errno = Posix.MakeDirectoryAt(parent, name, Modes.PrivateDirectory);
        if (errno != 0) { return errno == Errno.EEXIST ? 0 : errno; }
        const int Anew = Posix.O_RDONLY | Posix.O_NONBLOCK;
        errno = Beneath.Open(parent, name, Anew | Posix.O_DIRECTORY, out SafeFd made);
        if (errno == Errno.EACCES && Posix.SetModeAt(parent, name, Modes.PrivateDirectory) == 0)
        {
            // A umask that takes even reading from the owner.
            errno = Beneath.Open(parent, name, Anew | Posix.O_DIRECTORY, out made);
        }

        if (errno == 0) { errno = root.Owner.Take(made.Value, Modes.PrivateDirectory); }
        made.Close();
        return errno;
    }

    private VarveException Foreign(string key) => new(
        ErrorKind.Storage, root.Named(key),
        $"cannot be written by {UserText.Of(Posix.EffectiveUser())}: the repository belongs to {UserText.Of(root.Owner.User)}, "
        + "who could not read it",
        Advice.CheckOwner);
}
