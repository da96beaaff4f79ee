using System.Runtime.InteropServices;
using Varve.Model;

namespace Varve.Platform;

/// <content>Owner, mode, times and inode flags of a descriptor.</content>
internal static unsafe partial class Posix
{
    /// <summary>The id that leaves an owner as it is.</summary>
    internal const uint KeepId = uint.MaxValue;

    private const nuint FS_IOC_GETFLAGS = 0x80086601, FS_IOC_SETFLAGS = 0x40086602;
    private const long UTIME_OMIT = (1 << 30) - 2;

    /// <summary>fchown(2). Clears setuid, setgid and security.capability: comes before them.</summary>
    internal static int SetOwner(int fd, uint uid, uint gid)
    {
        int errno = Observe(SystemCall.SetOwner, fd);
        return errno != 0 ? errno : Error(fchown(fd, uid, gid));
    }

    /// <summary>fchmod(2) of the 12 permission bits.</summary>
    internal static int SetMode(int fd, uint mode)
    {
        int errno = Observe(SystemCall.SetMode, fd);
        return errno != 0 ? errno : Error(fchmod(fd, mode));
    }

    /// <summary>fchmodat(2) of the name itself.</summary>
    internal static int SetModeAt(int directory, ReadOnlySpan<byte> name, uint mode)
    {
        byte* buffer = stackalloc byte[PathMax];
        int errno = Begin(SystemCall.SetMode, directory, name, buffer);
        if (errno == 0) { errno = Error(fchmodat(directory, buffer, mode, AT_SYMLINK_NOFOLLOW)); }
        if (!IsUnknown(errno)) { return errno; }
        if (HoldAt(directory, name, out SafeFd held) is not 0 and var error) { return error; } // there is a call for it since Linux 6.6
        errno = SetModeOfHeld(held.Value, mode);
        held.Close();
        return errno;
    }

    /// <summary>
    /// Sets the modification time, and the access time to the same: some file systems (bindfs and other FUSE) do not understand that one is
    /// to stay and set it to nonsense. <paramref name="keepsAccess"/>: the access time stays all the same.
    /// </summary>
    internal static int SetTime(int fd, FileTime mtime, bool keepsAccess = false)
    {
        // The kernel reads two out-of-range values as commands (now, omit): they must not come from a snapshot.
        if ((uint)mtime.Nanoseconds > 999_999_999) { return Errno.EINVAL; }
        long* times = stackalloc long[4] { mtime.Seconds, keepsAccess ? UTIME_OMIT : mtime.Nanoseconds, mtime.Seconds, mtime.Nanoseconds };
        int errno = Observe(SystemCall.SetTime, fd);
        return errno != 0 ? errno : Error(futimens(fd, times));
    }

    /// <summary>Adds inode flags (FS_IOC_SETFLAGS) to those the file has.</summary>
    internal static int AddFlags(int fd, uint flags)
    {
        int value = 0;
        int errno = Observe(SystemCall.SetFlags, fd);
        if (errno == 0) { errno = Error(ioctl(fd, FS_IOC_GETFLAGS, (nint)(&value))); }
        if (errno != 0 || ((uint)value & flags) == flags) { return errno; }
        value |= (int)flags;
        return Error(ioctl(fd, FS_IOC_SETFLAGS, (nint)(&value)));
    }

    /// <summary>Takes inode flags from an open file or directory.</summary>
    internal static int RemoveFlags(int fd, uint flags)
    {
        int value = 0;
        int errno = Observe(SystemCall.SetFlags, fd);
        if (errno == 0) { errno = Error(ioctl(fd, FS_IOC_GETFLAGS, (nint)(&value))); }
        if (errno != 0 || ((uint)value & flags) == 0) { return errno; }
        value &= (int)~flags;
        return Error(ioctl(fd, FS_IOC_SETFLAGS, (nint)(&value)));
    }

    [LibraryImport("libc", SetLastError = true)] private static partial int fchown(int fd, uint uid, uint gid);
    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchownat(int directory, byte* path, uint uid, uint gid, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int fchmod(int fd, uint mode);
    [LibraryImport("libc", SetLastError = true)] private static partial int fchmodat(int directory, byte* path, uint mode, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int futimens(int fd, long* times);
    [LibraryImport("libc", SetLastError = true)] private static partial int utimensat(int directory, byte* path, long* times, int flags);
}
