using System.Globalization;
using System.Runtime.CompilerServices;
using Varve.Model;

namespace Varve.Platform;

/// <summary>Owner, mode, times, extended attributes and inode flags; by descriptor, or by name in a directory where the kind cannot be opened.</summary>
internal static unsafe partial class PosixWrite
{
    private const nuint GetFlagsRequest = 0x80086601, SetFlagsRequest = 0x40086602;
    private const long UtimeOmit = (1 << 30) - 2;

    /// <summary>The id that leaves an owner as it is.</summary>
    public const uint KeepId = uint.MaxValue;

    /// <summary>fchown. Clears setuid, setgid and security.capability: comes before them.</summary>
    public static int SetOwner(int fd, uint uid, uint gid) => Result(fchown(fd, uid, gid));

    /// <summary>fchownat of the name itself.</summary>
    [SkipLocalsInit]
    public static int SetOwnerAt(int dir, ReadOnlySpan<byte> name, uint uid, uint gid)
    {
        byte* z = stackalloc byte[NameBuffer];
        return Terminate(name, z) ? Result(fchownat(dir, z, uid, gid, AtSymlinkNoFollow)) : Errno.ENAMETOOLONG;
    }

    /// <summary>fchmod of the 12 permission bits.</summary>
    public static int SetMode(int fd, uint mode) => Result(fchmod(fd, mode));

    /// <summary>fchmodat of the name itself.</summary>
    [SkipLocalsInit]
    public static int SetModeAt(int dir, ReadOnlySpan<byte> name, uint mode)
    {
        byte* z = stackalloc byte[NameBuffer];
        return Terminate(name, z) ? Result(fchmodat(dir, z, mode, AtSymlinkNoFollow)) : Errno.ENAMETOOLONG;
    }

    /// <summary>Sets the modification time and leaves the access time.</summary>
    public static int SetTime(int fd, FileTime mtime)
    {
        // The kernel reads two out-of-range values as commands (now, omit): they must not come from a snapshot.
        if ((uint)mtime.Nanoseconds > 999_999_999) { return Errno.EINVAL; }
        long* times = stackalloc long[4] { 0, UtimeOmit, mtime.Seconds, mtime.Nanoseconds };
        return Result(futimens(fd, times));
    }

    /// <summary>As <see cref="SetTime"/>, of the name itself.</summary>
    [SkipLocalsInit]
    public static int SetTimeAt(int dir, ReadOnlySpan<byte> name, FileTime mtime)
    {
        byte* z = stackalloc byte[NameBuffer];
        if ((uint)mtime.Nanoseconds > 999_999_999) { return Errno.EINVAL; }
        long* times = stackalloc long[4] { 0, UtimeOmit, mtime.Seconds, mtime.Nanoseconds };
        return Terminate(name, z) ? Result(utimensat(dir, z, times, AtSymlinkNoFollow)) : Errno.ENAMETOOLONG;
    }

    /// <summary>fsetxattr; creates or replaces.</summary>
    [SkipLocalsInit]
    public static int SetXattr(int fd, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        byte* z = stackalloc byte[NameBuffer];
        if (!Terminate(name, z)) { return Errno.ERANGE; }
        fixed (byte* v = value) { return Result(fsetxattr(fd, z, v, value.Length, 0)); }
    }

    /// <summary>
    /// Sets an extended attribute of a name that cannot be opened (symlink, fifo, socket, device). Needs /proc: the path leads through the
    /// directory's descriptor and its last step follows no link.
    /// </summary>
    [SkipLocalsInit]
    public static int SetXattrAt(int dir, ReadOnlySpan<byte> entry, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        byte* z = stackalloc byte[NameBuffer];
        byte* path = stackalloc byte[NameBuffer + 32];
        if (entry.Length >= NameBuffer || !Terminate(name, z)) { return Errno.ERANGE; }
        var room = new Span<byte>(path, NameBuffer + 32);
        "/proc/self/fd/"u8.CopyTo(room);
        dir.TryFormat(room[14..], out int digits, default, CultureInfo.InvariantCulture);
        room[14 + digits] = (byte)'/';
        entry.CopyTo(room[(15 + digits)..]);
        room[15 + digits + entry.Length] = 0;
        fixed (byte* v = value) { return Result(lsetxattr(path, z, v, value.Length, 0)); }
    }

    /// <summary>fremovexattr.</summary>
    [SkipLocalsInit]
    public static int RemoveXattr(int fd, ReadOnlySpan<byte> name)
    {
        byte* z = stackalloc byte[NameBuffer];
        return Terminate(name, z) ? Result(fremovexattr(fd, z)) : Errno.ERANGE;
    }

    /// <summary>Whether the descriptor has an extended attribute.</summary>
    [SkipLocalsInit]
    public static bool HasXattr(int fd, ReadOnlySpan<byte> name)
    {
        byte* z = stackalloc byte[NameBuffer];
        return Terminate(name, z) && fgetxattr(fd, z, null, 0) >= 0;
    }

    /// <summary>Adds inode flags (FS_IOC_SETFLAGS) to those the file has.</summary>
    public static int AddFlags(int fd, uint flags)
    {
        int value;
        int error = Result(ioctl(fd, GetFlagsRequest, &value));
        if (error != 0 || ((uint)value & flags) == flags) { return error; }
        value |= (int)flags;
        return Result(ioctl(fd, SetFlagsRequest, &value));
    }

    /// <summary>statx of a descriptor.</summary>
    public static int Stat(int fd, out PosixWriteStat stat)
    {
        byte nul = 0;
        return Stat(fd, &nul, AtEmptyPath, out stat);
    }

    /// <summary>statx of the name itself.</summary>
    [SkipLocalsInit]
    public static int StatAt(int dir, ReadOnlySpan<byte> name, out PosixWriteStat stat)
    {
        byte* z = stackalloc byte[NameBuffer];
        stat = default;
        return Terminate(name, z) ? Stat(dir, z, AtSymlinkNoFollow, out stat) : Errno.ENAMETOOLONG;
    }

    private static int Stat(int dir, byte* name, int flags, out PosixWriteStat stat)
    {
        const uint basicStats = 0x7FF;
        byte* b = stackalloc byte[256];
        int error = Result(statx(dir, name, flags, basicStats, b));
        var s = new ReadOnlySpan<byte>(b, 256);

        // Offsets of struct statx (linux/stat.h), the same on all processors.
        stat = new PosixWriteStat(
            Device: (ulong)BitConverter.ToUInt32(s[136..]) << 32 | BitConverter.ToUInt32(s[140..]),
            Inode: BitConverter.ToUInt64(s[32..]),
            Mode: BitConverter.ToUInt16(s[28..]) & 0xFFFu,
            Uid: BitConverter.ToUInt32(s[20..]),
            Gid: BitConverter.ToUInt32(s[24..]),
            Mtime: new FileTime(BitConverter.ToInt64(s[112..]), BitConverter.ToInt32(s[120..])));
        return error;
    }

    /// <summary>
    /// Makes the process's table of descriptors large enough for <paramref name="count"/> of them, as far as the limit allows. The kernel doubles that table when it is full, and in a process with
    /// threads each time takes a grace period of RCU, 8 to 20 ms, in which every other open that needs the room waits too (expand_fdtable in Linux's fs/file.c).
    /// </summary>
    public static void ReserveDescriptors(int count)
    {
        const int F_DUPFD_CLOEXEC = 1030;
        if (OpenRoot("/\0"u8, out int fd) != 0) { return; }
        int last = fcntl(fd, F_DUPFD_CLOEXEC, Math.Min(count, Posix.DescriptorLimit()) - 1);
        if (last >= 0) { close(last); }
        close(fd);
    }

    /// <summary>The id of the user (or group) of that name on this machine, or null.</summary>
    public static uint? FindId(ReadOnlySpan<byte> name, bool group)
    {
        byte* z = stackalloc byte[NameBuffer];
        if (name.IsEmpty || name.Contains((byte)0) || !Terminate(name, z)) { return null; }
        byte* entry = stackalloc byte[64];
        var buffer = new byte[64 * 1024];
        fixed (byte* b = buffer)
        {
            byte* result = null;
            int error = group ? getgrnam_r(z, entry, b, buffer.Length, &result) : getpwnam_r(z, entry, b, buffer.Length, &result);

            // Both structs begin with two pointers (name, password), then the id.
            return error == 0 && result != null ? BitConverter.ToUInt32(new ReadOnlySpan<byte>(entry + 16, 4)) : null;
        }
    }
}
