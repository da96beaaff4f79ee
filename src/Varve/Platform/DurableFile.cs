using Varve.Model;

namespace Varve.Platform;

/// <summary>
/// The steps that make a file appear whole and stay (invariant 2): temporary file, fsync, rename, fsync of the directory. Paths are relative to a
/// directory descriptor. Every method returns 0 or an error number. Thread-safe.
/// </summary>
public static class DurableFile
{
    /// <summary>
    /// Creates <paramref name="path"/> for writing, which must not exist, and locks it exclusively: a sign for <see cref="RemoveIfAbandoned"/> that its
    /// writer lives. The lock goes with the descriptor.
    /// </summary>
    public static int CreateLocked(int root, ReadOnlySpan<byte> path, uint mode, out SafeFd file)
    {
        while (true)
        {
            int fd = Posix.OpenAt(root, path, Posix.O_WRONLY | Posix.O_CREAT | Posix.O_EXCL | Posix.O_NOFOLLOW | Posix.O_CLOEXEC, mode);
            file = new SafeFd(fd);
            if (fd < 0) { return Posix.LastError; }

            // A cleaner may have seen the file between creation and lock, and removed it: then it has no name any more, and a new one is due.
            // Where the file system knows no locks, cleaners remove nothing, and the file is safe without.
            if (Posix.Lock(fd, Posix.LOCK_EX) < 0 || Posix.Stat(fd, out EntryStat stat) < 0 || stat.Links > 0) { return 0; }
            file.Close();
        }
    }

    /// <summary>Removes a temporary file whose writer is gone. True if it did; false if a writer lives, or if that cannot be known.</summary>
    public static bool RemoveIfAbandoned(int root, ReadOnlySpan<byte> path)
    {
        var file = new SafeFd(Posix.OpenAt(root, path, Posix.O_RDONLY | Posix.O_NONBLOCK | Posix.O_NOFOLLOW | Posix.O_CLOEXEC));
        if (!file.IsOpen) { return false; }
        try
        {
            // Removed under the lock, so that CreateLocked sees either its name or the lack of it, never a loss afterwards.
            return Posix.Lock(file.Value, Posix.LOCK_SH | Posix.LOCK_NB) == 0 && Posix.UnlinkAt(root, path) == 0;
        }
        finally
        {
            file.Close();
        }
    }

    /// <summary>
    /// Gives the finished file <paramref name="from"/> the name <paramref name="to"/> in one step; EEXIST if the name is taken and <paramref name="replace"/> is
    /// false. With an error <paramref name="from"/> is still there.
    /// </summary>
    public static int Publish(int root, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, bool replace)
    {
        if (Posix.RenameAt(root, from, root, to, replace ? 0 : Posix.RENAME_NOREPLACE) == 0) { return 0; }
        int errno = Posix.LastError;
        if (replace || errno is not (Errno.EINVAL or Errno.ENOSYS or Errno.ENOTSUP)) { return errno; }

        // NFS and some FUSE file systems cannot rename without replacing, but a link never replaces either.
        if (Posix.LinkAt(root, from, root, to) < 0) { return Posix.LastError; }
        Posix.UnlinkAt(root, from); // left behind, it is cleaned up as abandoned
        return 0;
    }

    /// <summary>Makes the names in a directory durable; an empty path means <paramref name="root"/> itself.</summary>
    public static int SyncDirectory(int root, ReadOnlySpan<byte> path)
    {
        var directory = new SafeFd(Posix.OpenAt(root, path.IsEmpty ? "."u8 : path, Posix.O_RDONLY | Posix.O_DIRECTORY | Posix.O_CLOEXEC));
        if (!directory.IsOpen) { return Posix.LastError; }
        int errno = Posix.Sync(directory.Value) < 0 ? Posix.LastError : 0;
        directory.Close();
        // Some file systems have no fsync for directories: they make names durable at once or not at all, and say EINVAL.
        return errno is Errno.EINVAL or Errno.ENOTSUP or Errno.ENOSYS ? 0 : errno;
    }
}
