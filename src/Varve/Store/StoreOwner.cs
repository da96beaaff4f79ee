using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Store;

/// <summary>
/// Whose the files of a local store are: those of the user who made it. Objects are for their owner alone, so what somebody else added
/// would keep the owner from reading it.
/// </summary>
/// <param name="User">The user's number.</param>
/// <param name="Group">The group of what is given to that user.</param>
internal readonly record struct StoreOwner(uint User, uint Group)
{
    /// <summary>
    /// The owner of the store's header; of a store without one, whoever runs this, unless that is root: then the owner of the directory.
    /// </summary>
    internal static StoreOwner Of(SafeFd root)
    {
        uint user = Posix.EffectiveUser();
        if (Beneath.Open(root.Value, "varve"u8, Posix.O_PATH, out SafeFd header) == 0)
        {
            int errno = Posix.Stat(header.Value, out EntryStat stat);
            header.Close();
            if (errno == 0) { return new StoreOwner(stat.Uid, stat.Gid); }
        }

        return user == 0 && Posix.Stat(root.Value, out EntryStat directory) == 0 ? new StoreOwner(directory.Uid, directory.Gid)
            : new StoreOwner(user, Posix.KeepId);
    }

    /// <summary>
    /// Makes a new file or directory of the process one of the owner's, with just these permissions: 0, or EPERM if it would be somebody
    /// else's. Where the file system has no permissions of its own, what it shows stays.
    /// </summary>
    internal int Take(int fd, uint mode)
    {
        int errno = Posix.Stat(fd, out EntryStat stat);
        if (errno != 0) { return errno; }
        // Given away is only what is the process's own: what somebody has put in its place meanwhile is not.
        if (stat.Uid != User && (stat.Uid != Posix.EffectiveUser() || Posix.SetOwner(fd, User, Group) != 0)) { return Errno.EPERM; }
        if ((stat.Mode & Modes.Everything) != mode) { _ = Posix.SetMode(fd, mode); } // the umask took from it
        return 0;
    }
}
