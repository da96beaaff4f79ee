using System.Runtime.InteropServices;

namespace Varve.Platform.Files;

/// <summary>Which parts of files the system has in memory, and asking it for some ahead. Stateless; thread-safe.</summary>
internal static unsafe partial class FilePages
{
    /// <summary>Asks for a part of a file, which is to be read soon. Best effort, and returns before it is there.</summary>
    internal static void Ask(int fd, long offset, long length)
    {
        const int WillNeed = 3;
        if (Posix.Observer?.Invoke(SystemCall.Ask, fd, default) is null or 0) { _ = posix_fadvise64(fd, offset, length, WillNeed); }
    }

    /// <summary>
    /// Whether the byte there is not in memory, so that reading it waits for a disk. False where the file system cannot tell, as a tmpfs.
    /// </summary>
    internal static bool IsOnDisk(int fd, long offset)
    {
        const int NoWait = 8; // RWF_NOWAIT
        byte one;
        nint* vector = stackalloc nint[] { (nint)(&one), 1 };
        return preadv64v2(fd, vector, 1, offset, NoWait) < 0 && Marshal.GetLastPInvokeError() == Errno.EAGAIN;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint preadv64v2(int fd, nint* vectors, int count, long offset, int flags);

    [LibraryImport("libc")] private static partial int posix_fadvise64(int fd, long offset, long length, int advice);
}
