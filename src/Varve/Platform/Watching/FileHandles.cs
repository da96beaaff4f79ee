using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Varve.Model;

namespace Varve.Platform.Watching;

/// <summary>
/// What stands for an inode in events: bytes that stay the same whatever its names are, and are no inode's once it is gone. To find it
/// takes CAP_DAC_READ_SEARCH. Stateless.
/// </summary>
internal static unsafe partial class FileHandles
{
    /// <summary>The length of the data and its type come before the data.</summary>
    internal const int Head = 8;

    private const int O_CLOEXEC = 0x80000, LongestPath = 8192;

    /// <summary>Takes hold of an inode on the file system of an open directory; ESTALE: it is gone.</summary>
    internal static int Hold(int mount, ReadOnlySpan<byte> handle, out SafeFd held)
    {
        fixed (byte* h = handle)
        {
            int fd = open_by_handle_at(mount, h, Posix.O_PATH | O_CLOEXEC);
            held = new SafeFd(fd);
            return fd < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
    }

    /// <summary>
    /// The path of what is held, as it is in that mount now; empty of what was removed. 0 or an error number: ENAMETOOLONG where the kernel
    /// does not tell one that long. What lies outside what is mounted has some other path.
    /// </summary>
    internal static int PathOf(int held, out byte[] path)
    {
        path = [];
        int errno = Posix.Stat(held, out EntryStat stat);
        if (errno != 0 || stat.Links == 0) { return errno; }
        byte[] link = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{held}\0"));
        byte[] told = new byte[LongestPath];
        nint length;
        fixed (byte* l = link, p = told) { length = readlink(l, p, told.Length); }
        if (length < 0) { return Marshal.GetLastPInvokeError(); }
        if (length == told.Length) { return Errno.ENAMETOOLONG; }
        path = told[..(int)length];
        return 0;
    }

    [LibraryImport("libc", SetLastError = true)] private static partial int open_by_handle_at(int mount, byte* handle, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial nint readlink(byte* path, byte* buffer, nint size);
}
