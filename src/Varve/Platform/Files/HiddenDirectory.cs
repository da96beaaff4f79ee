using Varve.Model;

namespace Varve.Platform.Files;

/// <summary>
/// Whether a directory whose file system keeps no modes (exFAT, FAT, NTFS, much that is FUSE) is out of others' reach all the same, because
/// one above it is closed to them: what such a file system shows of every file is what it was mounted with. Stateless, thread-safe.
/// </summary>
internal static class HiddenDirectory
{
    private const long Fuse = 0x65735546, Fat = 0x4d44, ExFat = 0x2011bab0, Ntfs = 0x7366746e;
    private const uint EnteredByOthers = 0x9; // 0011: the group's bit is the mask of an ACL
    private const int MostLevels = 256;

    /// <summary>Whether nobody but its user and root can come to what the descriptor has open.</summary>
    internal static bool Is(int directory, uint user)
    {
        if (Posix.FileSystemType(directory, out long type) != 0 || type is not (Fuse or Fat or ExFat or Ntfs)) { return false; }
        SafeFd at = default;
        bool hidden = false;
        (ulong Device, ulong Inode) below = default;
        for (int level = 0; level < MostLevels && !hidden; level++)
        {
            int errno = Posix.OpenAt(at.IsOpen ? at.Value : directory, ".."u8, Posix.O_PATH | Posix.O_DIRECTORY, out SafeFd above);
            at.Close();
            at = above;
            if (errno != 0 || Posix.Stat(at.Value, out EntryStat stat) != 0) { break; }
            hidden = (stat.Uid == user || stat.Uid == 0) && (stat.Mode & EnteredByOthers) == 0;
            if ((stat.Device, stat.Inode) == below) { break; } // the root is above itself
            below = (stat.Device, stat.Inode);
        }

        at.Close();
        return hidden;
    }
}
