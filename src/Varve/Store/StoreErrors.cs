using Varve.Model;
using Varve.Platform;

namespace Varve.Store;

/// <summary>What a failed system call means for what was done in a store, and whether it may succeed later.</summary>
internal static class StoreErrors
{
    private const int TimedOut = 110, HostDown = 112, Unreachable = 113; // ETIMEDOUT, EHOSTDOWN, EHOSTUNREACH

    /// <summary>The error of a call that failed while something was <paramref name="done"/>, such as "written".</summary>
    internal static VarveException Error(int errno, string done, Subject what) =>
        new(ErrorKind.Storage, what, $"cannot be {done}: {Errno.Message(errno)}", AdviceFor(errno)) { IsRetryable = IsTransient(errno) };

    /// <summary>One object cannot be read: it counts as damaged, whatever the reason (invariant 5).</summary>
    internal static VarveException Damage(int errno, string done, Subject what)
    {
        Advice advice = AdviceFor(errno);
        return new VarveException(ErrorKind.Damaged, what, $"it cannot be {done}: {Errno.Message(errno)}",
            advice == Advice.None ? Advice.CheckRepository : advice)
        { IsRetryable = IsTransient(errno) };
    }

    /// <summary>Whether it is this process that lacks something, not the store or an object in it.</summary>
    internal static bool IsOfProcess(int errno) =>
        errno is Errno.EINTR or Errno.EAGAIN or Errno.ENOMEM or Errno.ENFILE or Errno.EMFILE or Errno.EBADF;

    private static Advice AdviceFor(int errno) => errno switch
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
    };

    // What passes by itself: another process closes files or gives memory back, a network file system answers again. A full disk does not.
    private static bool IsTransient(int errno) =>
        errno is Errno.EINTR or Errno.EAGAIN or Errno.ENOMEM or Errno.EBUSY or Errno.ENFILE or Errno.ESTALE or TimedOut or HostDown
        or Unreachable;
}
