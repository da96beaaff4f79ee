using Varve.Model;
using Varve.Platform.Files;

namespace Varve.Platform.Files;

/// <summary>
/// The steps that make a file appear whole and stay (invariant 2): temporary file, fsync, rename, fsync of the directory. Paths are
/// relative to a directory descriptor. Every method returns 0 or an error number. Thread-safe.
/// </summary>
internal static class DurableFile
{
    /// <summary>
    /// Creates <paramref name="path"/> for writing, which must not exist, and marks it for <see cref="RemoveIfAbandoned"/> as one whose
    /// writer lives. The mark goes with the descriptor.
    /// </summary>
    public static int CreateLocked(int root, ReadOnlySpan<byte> path, uint mode, out SafeFd file)
    {
        while (true)
        {
            int errno = Posix.OpenAt(root, path, Posix.O_WRONLY | Posix.O_CREAT | Posix.O_EXCL | Posix.O_NOFOLLOW, mode, out file);
            if (errno != 0) { return errno; }
            if (OwnerLock.Mark(file.Value)) { return 0; }
            file.Close();
        }
    }

    /// <summary>
    /// Removes a temporary file whose writer is gone. True if it did; false if a writer lives, or if that cannot be known.
    /// </summary>
    public static bool RemoveIfAbandoned(int root, ReadOnlySpan<byte> path)
    {
        if (!OwnerLock.TryTakeOver(root, path, out SafeFd file)) { return false; }
        bool removed = Posix.UnlinkAt(root, path) == 0;
        file.Close();
        return removed;
    }

    /// <summary>
    /// Gives the finished file <paramref name="from"/> the name <paramref name="to"/> in one step; EEXIST if the name is taken and
    /// <paramref name="replace"/> is false. With an error <paramref name="from"/> is still there.
    /// </summary>
    public static int Publish(int root, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, bool replace)
    {
        int errno = Posix.RenameAt(root, from, root, to, replace ? 0 : Posix.RENAME_NOREPLACE);
        if (errno == 0 || replace || errno is not (Errno.EINVAL or Errno.ENOSYS or Errno.ENOTSUP)) { return errno; }

        // NFS and some FUSE file systems cannot rename without replacing, but a link never replaces either.
        errno = Posix.LinkAt(root, from, root, to);
        if (errno != 0) { return errno; }
        Posix.UnlinkAt(root, from); // left behind, it is cleaned up as abandoned
        return 0;
    }

    /// <summary>Makes the names in a directory durable; an empty path means <paramref name="root"/> itself.</summary>
    public static int SyncDirectory(int root, ReadOnlySpan<byte> path)
    {
        int errno = Posix.OpenAt(root, path.IsEmpty ? "."u8 : path, Posix.O_RDONLY | Posix.O_DIRECTORY, out SafeFd directory);
        if (errno != 0) { return errno; }
        errno = Posix.Sync(directory.Value);
        directory.Close();
        // Some file systems have no fsync for directories: they make names durable at once or not at all, and say EINVAL.
        return errno is Errno.EINVAL or Errno.ENOTSUP or Errno.ENOSYS ? 0 : errno;
    }
}
