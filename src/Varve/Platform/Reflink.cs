using System.Runtime.InteropServices;

namespace Varve.Platform;

/// <summary>
/// Clones that share a file's blocks (XFS, btrfs). A clone is the file as it stood at one moment: the kernel holds the file's lock, which writers need, and writes dirty pages
/// of mappings out, so that whoever stores to them later has to ask for the lock again. Every method returns 0 or an error number. Thread-safe.
/// </summary>
public static partial class Reflink
{
    private const uint FICLONE = 0x40049409;
    private const int O_TMPFILE_BIT = 0x400000;

    /// <summary>Makes <paramref name="to"/>, an empty file open for writing on the same file system, a clone of <paramref name="from"/>.</summary>
    public static int Clone(int to, int from) => ioctl(to, FICLONE, from) < 0 ? Posix.LastError : 0;

    /// <summary>
    /// A file without a name on the file system of a directory: nothing is left behind, whatever happens, and the directory does not change. Fails where the file system
    /// knows no such files or the directory may not be written to.
    /// </summary>
    public static int OpenNameless(int directory, out SafeFd file)
    {
        int flags = O_TMPFILE_BIT | Posix.O_DIRECTORY | Posix.O_RDWR | Posix.O_EXCL | Posix.O_CLOEXEC;
        file = new SafeFd(Posix.OpenAt(directory, "."u8, flags, 0x180));
        return file.IsOpen ? 0 : Posix.LastError;
    }

    [LibraryImport("libc", SetLastError = true)] private static partial int ioctl(int fd, nuint request, nint argument);
}
