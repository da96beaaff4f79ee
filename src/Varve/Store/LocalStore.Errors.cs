using System.Text;
using Varve.Model;
using Varve.Platform;

namespace Varve.Store;

/// <content>What goes wrong, in words.</content>
public sealed partial class LocalStore
{
    /// <summary>After a failed call: throws unless it failed because there is no such name in a store that is there.</summary>
    private void RequireAbsence(int errno, string doing, string key)
    {
        if (errno != Errno.ENOENT) { throw Error(errno, doing, key); }
        if (Posix.Stat(Root, out EntryStat root) != 0 || root.Links == 0) { throw Error(Errno.ESTALE, doing, key); } // removed meanwhile
        for (int end = 1; end <= key.Length; end++)
        {
            if (end < key.Length && key[end] != '/') { continue; }
            if (Posix.StatAt(Root, Encoding.ASCII.GetBytes(key[..end]), out EntryStat stat) == 0 && stat.Kind == EntryKind.Symlink)
            {
                throw new VarveException(ErrorKind.Storage, $"{key[..end]} in {Description} is a symbolic link that leads nowhere", "Mount what it points to, or put the directory back.");
            }
        }
    }

    private VarveException Truncated(string key, long needed) => VarveException.Damaged(Named(key), $"it is truncated: it ends before byte {needed}");

    internal VarveException Error(int errno, string doing, string key) => Error(errno, doing, key, Description);

    internal static VarveException Error(int errno, string doing, string what, string root) => new(
        ErrorKind.Storage,
        $"{Errno.Message(errno)} while {doing} {what} in {root}",
        errno switch
        {
            Errno.ENOSPC => "Free some space on that file system, or remove old snapshots with 'varve forget' and 'varve prune'.",
            Errno.EDQUOT => "Raise the quota, or remove old snapshots with 'varve forget' and 'varve prune'.",
            Errno.EACCES or Errno.EPERM => "Check who owns the directory and its files: they must belong to the user who runs varve.",
            Errno.EROFS => "The file system is mounted read-only: remount it for writing.",
            Errno.EIO => "The disk or its connection may be failing: look at the system log.",
            Errno.EXDEV => "All of the repository's directories must be on one file system.",
            Errno.EMFILE or Errno.ENFILE => "Too many files are open: raise the limit ('ulimit -n').",
            Errno.ESTALE => "The directory was removed, or its network file system lost: put it back or mount it again.",
            _ => null,
        });
}
