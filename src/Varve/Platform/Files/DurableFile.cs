using Varve.Model;
using Varve.Platform.Locks;

namespace Varve.Platform.Files;

/// <summary>
/// The steps that make a file appear whole and stay (invariant 2): temporary file, fsync, rename, fsync of the directory. Names are
/// relative to descriptors of directories. Every method returns 0 or an error number, but for those that say otherwise. Thread-safe.
/// </summary>
internal static class DurableFile
{
    /// <summary>
    /// Creates a file for writing, which must not exist, and marks it for <see cref="RemoveIfAbandoned"/> as one whose writer lives. The
    /// mark goes with the descriptor. EEXIST also where somebody who cleans up holds the new file and does not go on: another name is free.
    /// </summary>
    public static int CreateLocked(int directory, ReadOnlySpan<byte> name, uint mode, out SafeFd file)
    {
        while (true)
        {
            int errno = Posix.OpenAt(directory, name, Posix.O_WRONLY | Posix.O_CREAT | Posix.O_EXCL | Posix.O_NOFOLLOW, mode, out file);
            if (errno != 0) { return errno; }
            if (OwnerLock.Mark(file.Value)) { return 0; }
            file.Close();
        }
    }

    /// <summary>
    /// Removes a temporary file whose writer is gone, if it is what a writer leaves: a regular file of that owner without another name.
    /// True if it did; false if it is something else, if a writer lives, or if that cannot be known. Nothing else is opened.
    /// </summary>
    public static bool RemoveIfAbandoned(int directory, ReadOnlySpan<byte> name, uint owner)
    {
        if (Posix.StatAt(directory, name, out EntryStat stat) != 0 || !IsLeftover(in stat, owner)) { return false; }
        if (!OwnerLock.TryTakeOver(directory, name, out SafeFd file)) { return false; }
        bool removed = Posix.Stat(file.Value, out stat) == 0 && IsLeftover(in stat, owner) && Posix.UnlinkAt(directory, name) == 0;
        file.Close();
        return removed;
    }

    /// <summary>
    /// Gives the finished file <paramref name="from"/> the name <paramref name="to"/> in one step; EEXIST if the name is taken and
    /// <paramref name="replace"/> is false. With an error <paramref name="from"/> is still there.
    /// </summary>
    public static int Publish(int fromDirectory, ReadOnlySpan<byte> from, int toDirectory, ReadOnlySpan<byte> to, bool replace)
    {
        int errno = Posix.RenameAt(fromDirectory, from, toDirectory, to, replace ? 0 : Posix.RENAME_NOREPLACE);
        if (errno == 0 || replace || (errno is not (Errno.EINVAL or Errno.ENOTSUP) && !Posix.IsUnknown(errno))) { return errno; }

        // NFS and some FUSE file systems cannot rename without replacing, but a link never replaces either.
        errno = Posix.LinkAt(fromDirectory, from, toDirectory, to);
        if (errno == Errno.EEXIST) { return errno; }
        if (errno != 0) { return PublishAlone(fromDirectory, from, toDirectory, to); } // some say EIO of links
        Posix.UnlinkAt(fromDirectory, from); // left behind, it is a second name of the same file and takes no room
        return 0;
    }

    /// <summary>Makes the names in a directory durable.</summary>
    public static int SyncDirectory(int directory)
    {
        int errno = Posix.Sync(directory);
        // Some file systems have no fsync for directories: they make names durable at once or not at all, and say EINVAL.
        return errno is Errno.EINVAL or Errno.ENOTSUP or Errno.ENOSYS ? 0 : errno;
    }

    /// <summary>As <see cref="SyncDirectory(int)"/>; an empty path means <paramref name="root"/> itself.</summary>
    public static int SyncDirectory(int root, ReadOnlySpan<byte> path)
    {
        int errno = Posix.OpenAt(root, path.IsEmpty ? "."u8 : path, Posix.O_RDONLY | Posix.O_DIRECTORY, out SafeFd directory);
        if (errno != 0) { return errno; }
        errno = SyncDirectory(directory.Value);
        directory.Close();
        return errno;
    }

    /// <summary>
    /// For file systems with neither (exFAT through FUSE, rclone): a rename, under a lock of the directory that keeps other processes of
    /// this machine from doing the same. Writers on other machines are kept apart by nothing, nor is one that was stopped with the lock:
    /// they would replace an object by one of the same name, which has the same bytes.
    /// </summary>
    private static int PublishAlone(int fromDirectory, ReadOnlySpan<byte> from, int toDirectory, ReadOnlySpan<byte> to)
    {
        bool locked = BriefLock.Take(toDirectory, Posix.LOCK_EX) == 0;
        int errno = Posix.StatAt(toDirectory, to, out _);
        errno = errno == 0 ? Errno.EEXIST
            : errno != Errno.ENOENT ? errno
            : Posix.RenameAt(fromDirectory, from, toDirectory, to, 0);
        if (locked) { BriefLock.Release(toDirectory); }
        return errno;
    }

    private static bool IsLeftover(in EntryStat stat, uint owner) =>
        stat.Kind == EntryKind.File && stat.Uid == owner && stat.Links == 1;
}
