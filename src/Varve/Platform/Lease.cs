using System.Runtime.InteropServices;

namespace Varve.Platform;

/// <summary>
/// Asks the kernel whether anybody has a file open for writing: a read lease is granted only if nobody has, neither through a descriptor nor through a mapping, which
/// keeps the file open. The lease is given back at once. Who opens the file in the microseconds between waits for that. Thread-safe.
/// </summary>
public static partial class Lease
{
    private const int F_SETSIG = 10, F_SETLEASE = 1024, F_RDLCK = 0, F_UNLCK = 2;

    // Ignored unless somebody wants it. The default, SIGIO, would end the process.
    private const int SIGURG = 23;

    /// <summary>Needs a descriptor that is open for reading only, and the file's owner or root; three system calls.</summary>
    public static WriterPresence Probe(int fd)
    {
        if (fcntl(fd, F_SETSIG, SIGURG) < 0) { return WriterPresence.Unknown; }
        if (fcntl(fd, F_SETLEASE, F_RDLCK) < 0) { return Posix.LastError == Errno.EAGAIN ? WriterPresence.Some : WriterPresence.Unknown; }
        _ = fcntl(fd, F_SETLEASE, F_UNLCK);
        return WriterPresence.None;
    }

    [LibraryImport("libc", SetLastError = true)] private static partial int fcntl(int fd, int command, nint argument);
}
