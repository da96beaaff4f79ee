using Varve.Model;

namespace Varve.Platform.Locks;

/// <summary>
/// The one sign that the maker of a file or directory still lives: it holds an exclusive flock(2) on it, which the kernel drops when the
/// process ends, however it ends. What has its name and no lock was left behind. Where the file system knows no locks, everything counts as
/// in use. Stateless, thread-safe.
/// </summary>
internal static class OwnerLock
{
    /// <summary>
    /// Marks what the caller has just made. False if somebody who cleans up took it for a leftover before it was locked: then it has no
    /// name any more; or it will have none, if whoever cleans up was stopped in between. A new one is due, in that case by another name.
    /// </summary>
    internal static bool Mark(int fd)
    {
        int errno = BriefLock.Take(fd, Posix.LOCK_EX);
        return errno != Errno.EAGAIN && (errno != 0 || Posix.Stat(fd, out EntryStat stat) != 0 || stat.Links > 0);
    }

    /// <summary>
    /// Opens what may be a leftover and takes it over: true if its maker is gone, and it is the caller's for as long as the descriptor is
    /// open. It is to be removed under that lock, so that its maker sees in <see cref="Mark"/> either its name or the lack of it, never a
    /// loss afterwards.
    /// </summary>
    internal static bool TryTakeOver(int directory, ReadOnlySpan<byte> name, out SafeFd leftover)
    {
        if (Posix.OpenAt(directory, name, Posix.O_RDONLY | Posix.O_NONBLOCK | Posix.O_NOFOLLOW, out leftover) != 0) { return false; }
        // Only while it has its name: another may have cleaned up between open and lock.
        if (Posix.Lock(leftover.Value, Posix.LOCK_EX | Posix.LOCK_NB) == 0 && Posix.Stat(leftover.Value, out EntryStat stat) == 0
            && stat.Links > 0)
        {
            return true;
        }
        leftover.Close();
        leftover = default;
        return false;
    }
}
