using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Restore.Target;

/// <summary>
/// Whose a new entry is: of the process's user, as a rule, but some file systems (FAT, NFS that squashes root) give all to somebody else.
/// Stateless.
/// </summary>
internal static class OwnerProbe
{
    private static ReadOnlySpan<byte> Name => ".varve-probe"u8;

    /// <summary>
    /// Makes a file in an open directory, which has no name or loses it at once, and tells whose it is: what a descriptor that has made a
    /// file says nobody can forge. 0 or an error number.
    /// </summary>
    internal static int Ask(int directory, out uint uid, out uint gid)
    {
        int error = Posix.OpenAt(directory, "."u8, Posix.O_TMPFILE | Posix.O_WRONLY, Modes.PrivateFile, out SafeFd file);
        bool named = error != 0;
        if (named)
        {
            int flags = Posix.O_WRONLY | Posix.O_CREAT | Posix.O_EXCL | Posix.O_NOFOLLOW;
            error = Posix.OpenAt(directory, Name, flags, Modes.PrivateFile, out file);
        }

        EntryStat stat = default;
        if (error == 0) { error = Posix.Stat(file.Value, out stat); }
        (uid, gid) = (stat.Uid, stat.Gid);
        if (named && file.IsOpen) { Posix.UnlinkAt(directory, Name); }
        file.Close();
        return error;
    }
}
