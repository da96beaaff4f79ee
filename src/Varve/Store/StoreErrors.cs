using Varve.Model;
using Varve.Platform;

namespace Varve.Store;

/// <summary>What a failed system call means for what was done in a store, and whether it may succeed later.</summary>
internal static class StoreErrors
{
    private const int TimedOut = 110, HostDown = 112, Unreachable = 113; // ETIMEDOUT, EHOSTDOWN, EHOSTUNREACH

    /// <summary>The error of a call that failed while something was <paramref name="done"/>, such as "written".</summary>
    internal static VarveException Error(int errno, string done, Subject what) => new(
        ErrorKind.Storage, what, $"cannot be {done}: {Errno.Message(errno)}", errno switch
        {
            Errno.ENOSPC => Advice.FreeStore,
            Errno.EDQUOT => Advice.RaiseQuota,
            Errno.EACCES or Errno.EPERM => Advice.CheckOwner,
            Errno.EROFS => Advice.Remount,
            Errno.EIO => Advice.SeeSystemLog,
            Errno.EXDEV => Advice.OneFileSystem,
            Errno.EMFILE or Errno.ENFILE => Advice.RaiseFileLimit,
            Errno.ESTALE => Advice.MountAgain,
            _ => Advice.None,
        })
    {
        IsRetryable = IsTransient(errno),
    };

    // What passes by itself: another process closes files or gives memory back, a network file system answers again. A full disk does not.
    private static bool IsTransient(int errno) =>
        errno is Errno.EINTR or Errno.EAGAIN or Errno.ENOMEM or Errno.EBUSY or Errno.ENFILE or Errno.ESTALE or TimedOut or HostDown
        or Unreachable;
}
