using System.Runtime.InteropServices;
using Varve.Platform.Files;

namespace Varve.Platform;

/// <content>What can be asked of, and done to, descriptors: file systems, limits, leases, clones.</content>
internal static unsafe partial class Posix
{
    // Ignored unless somebody wants it. The default, SIGIO, would end the process.
    private const int SIGURG = 23;

    private const short POLLIN = 1, POLLOUT = 4;

    private const uint FICLONE = 0x40049409;

    /// <summary>The f_type of fstatfs(2).</summary>
    internal static int FileSystemType(int fd, out long type)
    {
        type = 0;
        int errno = Observe(SystemCall.Stat, fd);
        if (errno != 0) { return errno; }
        long* buffer = stackalloc long[64];
        int result, tries = 0;
        do { result = fstatfs64(fd, buffer); } while (Interrupted(result, ref tries));
        if (result == 0) { type = buffer[0]; }
        return Error(result);
    }

    /// <summary>The number that the kernel tells a file system by (<c>f_fsid</c>); 0 where there is none.</summary>
    internal static int FileSystemNumber(int fd, out ulong number)
    {
        number = 0;
        int errno = Observe(SystemCall.Stat, fd);
        if (errno != 0) { return errno; }
        ulong* buffer = stackalloc ulong[64];
        int result, tries = 0;
        do { result = fstatfs64(fd, (long*)buffer); } while (Interrupted(result, ref tries));
        if (result == 0) { number = buffer[7]; }
        return Error(result);
    }

    /// <summary>How many bytes whoever asks may still store on the file system.</summary>
    internal static int FreeBytes(int fd, out long free)
    {
        free = 0;
        int errno = Observe(SystemCall.Stat, fd);
        if (errno != 0) { return errno; }
        long* buffer = stackalloc long[64]; // struct statfs: type, block size, blocks, free, available
        int result, tries = 0;
        do { result = fstatfs64(fd, buffer); } while (Interrupted(result, ref tries));
        if (result == 0) { free = buffer[4] > long.MaxValue / Math.Max(1, buffer[1]) ? long.MaxValue : buffer[4] * buffer[1]; }
        return Error(result);
    }

    /// <summary>
    /// Makes <paramref name="to"/>, an empty file open for writing on the same file system, a clone of <paramref name="from"/>.
    /// </summary>
    internal static int Clone(int to, int from)
    {
        int errno = Observe(SystemCall.Clone, to);
        return errno != 0 ? errno : Error(ioctl(to, FICLONE, from));
    }

    /// <summary>
    /// Takes a read lease on a file open for reading only, and gives it back: EAGAIN if somebody has it open for writing.
    /// </summary>
    internal static int ProbeLease(int fd)
    {
        const int F_SETSIG = 10, F_SETLEASE = 1024, F_RDLCK = 0, F_UNLCK = 2;
        int errno = Observe(SystemCall.Lease, fd);
        if (errno == 0 && Error(fcntl(fd, F_SETSIG, SIGURG)) is not 0 and var signal)
        {
            return signal == Errno.EAGAIN ? Errno.ENOTSUP : signal;
        }
        if (errno == 0) { errno = Error(fcntl(fd, F_SETLEASE, F_RDLCK)); }
        if (errno == 0) { _ = fcntl(fd, F_SETLEASE, F_UNLCK); }
        return errno;
    }

    /// <summary>
    /// How many descriptors the process may have open (the soft limit of RLIMIT_NOFILE), at most int.MaxValue; 256 if it cannot be read.
    /// </summary>
    internal static int DescriptorLimit()
    {
        const int RLIMIT_NOFILE = 7;
        ulong* limits = stackalloc ulong[2];
        return getrlimit(RLIMIT_NOFILE, limits) == 0 ? (int)Math.Min(limits[0], int.MaxValue) : 256;
    }

    /// <summary>
    /// Makes the process's table of descriptors large enough for <paramref name="count"/> of them, as far as the limit allows. The kernel
    /// doubles that table when it is full, and in a process with threads each time takes a grace period of RCU, 8 to 20 ms, in which every
    /// other open that needs the room waits too (expand_fdtable in Linux's fs/file.c).
    /// </summary>
    internal static void ReserveDescriptors(int count)
    {
        const int F_DUPFD_CLOEXEC = 1030;
        if (OpenAt(AT_FDCWD, "/"u8, O_RDONLY | O_DIRECTORY, out SafeFd root) != 0) { return; }
        new SafeFd(fcntl(root.Value, F_DUPFD_CLOEXEC, Math.Min(count, DescriptorLimit()) - 1)).Close();
        root.Close();
    }

    /// <summary>Whether a descriptor is closed on exec: EBADF if there is none of that number.</summary>
    internal static int ClosesOnExec(int fd, out bool closes)
    {
        const int F_GETFD = 1, FD_CLOEXEC = 1;
        int flags = fcntl(fd, F_GETFD, 0);
        closes = flags > 0 && (flags & FD_CLOEXEC) != 0;
        return Error(flags);
    }

    /// <summary>Has programs that are run from now on inherit a descriptor.</summary>
    internal static void KeepOnExec(int fd)
    {
        const int F_SETFD = 2;
        _ = fcntl(fd, F_SETFD, 0);
    }

    /// <summary>Whether a descriptor is a terminal, and how many columns that has; 0 if it does not know.</summary>
    internal static bool IsTerminal(int fd, out int columns)
    {
        const uint TIOCGWINSZ = 0x5413;
        ulong size = 0; // struct winsize: rows, columns, and two more, each of 16 bits
        bool isTerminal = ioctl(fd, TIOCGWINSZ, (nint)(&size)) == 0;
        columns = (int)(size >> 16 & 0xffff);
        return isTerminal;
    }

    /// <summary>Waits until a descriptor that is not to block can be read from, or written to.</summary>
    private static void Await(int fd, short events)
    {
        const int MaxWait = 1000; // ms; whoever waits for longer looks again
        long request = (uint)fd | ((long)events << 32); // struct pollfd: int, short, short
        _ = poll(&request, 1, MaxWait);
    }

    /// <summary>
    /// mmap(2) of memory that is zero and takes none until it is touched; <see cref="UnmapMemory"/> gives it back.
    /// </summary>
    /// <exception cref="InsufficientMemoryException">There is no address space left.</exception>
    internal static byte* MapMemory(int length)
    {
        const int PROT_READ_WRITE = 3, MAP_PRIVATE_ANONYMOUS = 0x22;
        byte* start = mmap(null, (nuint)length, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
        return (nint)start == -1 ? throw new InsufficientMemoryException() : start;
    }

    /// <summary>munmap(2).</summary>
    internal static void UnmapMemory(byte* start, int length) => _ = munmap(start, (nuint)length);

    /// <summary>clock_gettime(2) of CLOCK_BOOTTIME, which every kernel since 2.6.39 has.</summary>
    internal static TimeSpan SinceBoot()
    {
        const int CLOCK_BOOTTIME = 7;
        long* time = stackalloc long[2]; // struct timespec
        _ = clock_gettime(CLOCK_BOOTTIME, time);
        return TimeSpan.FromSeconds(time[0]) + TimeSpan.FromMicroseconds(time[1] / 1000);
    }

    /// <summary>The user whose rights the process has.</summary>
    internal static uint EffectiveUser() => geteuid();

    /// <summary>The group that its files get.</summary>
    internal static uint EffectiveGroup() => getegid();

    [LibraryImport("libc")] private static partial int clock_gettime(int clock, long* seconds);
    [LibraryImport("libc", SetLastError = true)] private static partial int fstatfs64(int fd, long* buffer);
    [LibraryImport("libc", SetLastError = true)] private static partial int getrlimit(int resource, ulong* limits);
    [LibraryImport("libc", SetLastError = true)] private static partial int fcntl(int fd, int command, nint argument);
    [LibraryImport("libc", SetLastError = true)] private static partial int ioctl(int fd, nuint request, nint argument);
    [LibraryImport("libc", SetLastError = true)] private static partial int poll(long* requests, nuint count, int milliseconds);
    [LibraryImport("libc", SetLastError = true)]
    private static partial byte* mmap(byte* address, nuint length, int protection, int flags, int fd, nint offset);
    [LibraryImport("libc", SetLastError = true)] private static partial int munmap(byte* address, nuint length);
    [LibraryImport("libc")] private static partial uint geteuid();
    [LibraryImport("libc")] private static partial uint getegid();
}
