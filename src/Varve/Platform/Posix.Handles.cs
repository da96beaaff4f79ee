using System.Globalization;
using System.Runtime.InteropServices;
using Varve.Model;

namespace Varve.Platform;

/// <content>
/// Descriptors that stand for an inode without opening it (O_PATH): what is done through one reaches that inode, whatever becomes of its
/// name, and neither follows a symlink nor wakes a device or fifo. Most of these need /proc (ENOENT without): its links to descriptors lead
/// to the inode itself, even to a symlink.
/// </content>
internal static unsafe partial class Posix
{
    private const int HandlePathMax = 32, AT_SYMLINK_FOLLOW = 0x400;

    /// <summary>Takes hold of what a name stands for, symlink or not, without opening it.</summary>
    internal static int HoldAt(int directory, ReadOnlySpan<byte> name, out SafeFd held) =>
        OpenAt(directory, name, O_PATH | O_NOFOLLOW, out held);

    /// <summary>Opens the inode that is held. Only files and directories: a device would be woken.</summary>
    internal static int OpenHeld(int held, int flags, out SafeFd file)
    {
        file = default;
        byte* path = stackalloc byte[HandlePathMax];
        HandlePath(held, path);
        int errno = Observe(SystemCall.Open, held);
        if (errno != 0) { return errno; }
        int fd, tries = 0;
        do { fd = openat(AT_FDCWD, path, flags | O_CLOEXEC, 0); } while (Interrupted(fd, ref tries));
        file = new SafeFd(fd);
        return Error(fd);
    }

    /// <summary>fchownat(2) of the inode that is held.</summary>
    internal static int SetOwnerOfHeld(int held, uint uid, uint gid)
    {
        byte empty = 0;
        int errno = Observe(SystemCall.SetOwner, held);
        return errno != 0 ? errno : Error(fchownat(held, &empty, uid, gid, AT_EMPTY_PATH));
    }

    /// <summary>chmod(2) of the inode that is held; a symlink has no mode (ENOTSUP).</summary>
    internal static int SetModeOfHeld(int held, uint mode)
    {
        byte* path = stackalloc byte[HandlePathMax];
        HandlePath(held, path);
        int errno = Observe(SystemCall.SetMode, held);
        return errno != 0 ? errno : Error(fchmodat(AT_FDCWD, path, mode, 0));
    }

    /// <summary>As <see cref="SetTime"/>, of the inode that is held.</summary>
    internal static int SetTimeOfHeld(int held, FileTime mtime)
    {
        if ((uint)mtime.Nanoseconds > 999_999_999) { return Errno.EINVAL; }
        long* times = stackalloc long[4] { mtime.Seconds, mtime.Nanoseconds, mtime.Seconds, mtime.Nanoseconds };
        byte* path = stackalloc byte[HandlePathMax];
        HandlePath(held, path);
        int errno = Observe(SystemCall.SetTime, held);
        return errno != 0 ? errno : Error(utimensat(AT_FDCWD, path, times, 0));
    }

    /// <summary>As <see cref="SetXattr"/>, of the inode that is held.</summary>
    internal static int SetXattrOfHeld(int held, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        byte* z = stackalloc byte[XattrNameMax];
        byte* path = stackalloc byte[HandlePathMax];
        HandlePath(held, path);
        int errno = TerminateXattr(name, z);
        if (errno == 0) { errno = Observe(SystemCall.SetXattr, held, name); }
        if (errno != 0) { return errno; }
        fixed (byte* v = value) { return Error(setxattr(path, z, v, (nuint)value.Length, 0)); }
    }

    /// <summary>As <see cref="RemoveXattr"/>, of the inode that is held.</summary>
    internal static int RemoveXattrOfHeld(int held, ReadOnlySpan<byte> name)
    {
        byte* z = stackalloc byte[XattrNameMax];
        byte* path = stackalloc byte[HandlePathMax];
        HandlePath(held, path);
        int errno = TerminateXattr(name, z);
        if (errno == 0) { errno = Observe(SystemCall.RemoveXattr, held, name); }
        return errno != 0 ? errno : Error(removexattr(path, z));
    }

    /// <summary>
    /// Gives an inode a name, whether it has one or not: of a descriptor that is held, or of a file that was opened with
    /// <see cref="O_TMPFILE"/>. EEXIST if the name is taken.
    /// </summary>
    internal static int LinkHeld(int held, int directory, ReadOnlySpan<byte> name)
    {
        byte* path = stackalloc byte[HandlePathMax];
        byte* buffer = stackalloc byte[PathMax];
        HandlePath(held, path);
        int errno = Begin(SystemCall.Link, directory, name, buffer);
        return errno != 0 ? errno : Error(linkat(AT_FDCWD, path, directory, buffer, AT_SYMLINK_FOLLOW));
    }

    private static void HandlePath(int held, byte* path)
    {
        ReadOnlySpan<byte> prefix = "/proc/self/fd/"u8;
        var room = new Span<byte>(path, HandlePathMax);
        prefix.CopyTo(room);
        held.TryFormat(room[prefix.Length..], out int digits, default, CultureInfo.InvariantCulture);
        path[prefix.Length + digits] = 0;
    }

    [LibraryImport("libc", SetLastError = true)] private static partial int removexattr(byte* path, byte* name);
    [LibraryImport("libc", SetLastError = true)]
    private static partial int setxattr(byte* path, byte* name, byte* value, nuint size, int flags);
}
