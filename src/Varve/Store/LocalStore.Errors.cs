using System.Text;
using Varve.Model;
using Varve.Platform;

namespace Varve.Store;

/// <content>What goes wrong, in words.</content>
internal sealed partial class LocalStore
{
    private const int TimedOut = 110, HostDown = 112, Unreachable = 113; // ETIMEDOUT, EHOSTDOWN, EHOSTUNREACH

    /// <summary>After a failed call: throws unless it failed because there is no such name in a store that is there.</summary>
    private void RequireAbsence(int errno, string done, string key)
    {
        if (errno != Errno.ENOENT) { throw Error(errno, done, key); }
        if (Posix.Stat(Root, out EntryStat root) != 0 || root.Links == 0) { throw Error(Errno.ESTALE, done, key); } // removed meanwhile
        for (int end = 1; end <= key.Length; end++)
        {
            if (end < key.Length && key[end] != '/') { continue; }
            if (Posix.StatAt(Root, Encoding.ASCII.GetBytes(key[..end]), out EntryStat stat) == 0 && stat.Kind == EntryKind.Symlink)
            {
                throw new VarveException(ErrorKind.Storage, Named(key[..end]), "is a symbolic link that leads nowhere", Advice.MendLink);
            }
        }
    }

    private VarveException Truncated(string key, long needed) => VarveException.Damaged(Named(key), $"it is truncated: it ends before byte {needed}");

    internal VarveException Error(int errno, string done, string key) => Error(errno, done, Named(key));

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
        errno is Errno.EINTR or Errno.EAGAIN or Errno.ENOMEM or Errno.EBUSY or Errno.ENFILE or Errno.ESTALE or TimedOut or HostDown or Unreachable;
}
