using System.Globalization;
using System.Runtime.InteropServices;

namespace Varve.Platform;

/// <content>
/// Extended attributes: of a descriptor, or of a name in a directory that cannot be opened (symlink, fifo, socket, device). The latter need
/// /proc: the path leads through the directory's descriptor, and its last step follows no link.
/// </content>
internal static unsafe partial class Posix
{
    private const int XattrNameMax = 256;

    /// <summary>flistxattr(2): the bytes of the list; ERANGE if it does not fit.</summary>
    internal static int ListXattrs(int fd, Span<byte> list, out int length)
    {
        length = 0;
        int errno = Observe(SystemCall.GetXattr, fd);
        if (errno != 0) { return errno; }
        fixed (byte* p = list) { return Length(flistxattr(fd, p, (nuint)list.Length), out length); }
    }

    /// <summary>The same for a name.</summary>
    internal static int ListXattrsAt(int directory, ReadOnlySpan<byte> entry, Span<byte> list, out int length)
    {
        length = 0;
        byte* path = stackalloc byte[PathMax + 32];
        int errno = BeginPath(SystemCall.GetXattr, directory, entry, path);
        if (errno != 0) { return errno; }
        fixed (byte* p = list) { return Length(llistxattr(path, p, (nuint)list.Length), out length); }
    }

    /// <summary>fgetxattr(2): the value's length; ERANGE if it does not fit. An empty buffer asks for the length.</summary>
    internal static int GetXattr(int fd, ReadOnlySpan<byte> name, Span<byte> value, out int length)
    {
        length = 0;
        byte* z = stackalloc byte[XattrNameMax];
        int errno = TerminateXattr(name, z);
        if (errno == 0) { errno = Observe(SystemCall.GetXattr, fd, name); }
        if (errno != 0) { return errno; }
        fixed (byte* p = value) { return Length(fgetxattr(fd, z, p, (nuint)value.Length), out length); }
    }

    /// <summary>The same for a name.</summary>
    internal static int GetXattrAt(int directory, ReadOnlySpan<byte> entry, ReadOnlySpan<byte> name, Span<byte> value, out int length)
    {
        length = 0;
        byte* z = stackalloc byte[XattrNameMax];
        byte* path = stackalloc byte[PathMax + 32];
        int errno = TerminateXattr(name, z);
        if (errno == 0) { errno = BeginPath(SystemCall.GetXattr, directory, entry, path); }
        if (errno != 0) { return errno; }
        fixed (byte* p = value) { return Length(lgetxattr(path, z, p, (nuint)value.Length), out length); }
    }

    /// <summary>fsetxattr(2); creates or replaces.</summary>
    internal static int SetXattr(int fd, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        byte* z = stackalloc byte[XattrNameMax];
        int errno = TerminateXattr(name, z);
        if (errno == 0) { errno = Observe(SystemCall.SetXattr, fd, name); }
        if (errno != 0) { return errno; }
        fixed (byte* v = value) { return Error(fsetxattr(fd, z, v, (nuint)value.Length, 0)); }
    }

    /// <summary>fremovexattr(2).</summary>
    internal static int RemoveXattr(int fd, ReadOnlySpan<byte> name)
    {
        byte* z = stackalloc byte[XattrNameMax];
        int errno = TerminateXattr(name, z);
        if (errno == 0) { errno = Observe(SystemCall.RemoveXattr, fd, name); }
        return errno != 0 ? errno : Error(fremovexattr(fd, z));
    }

    /// <summary>Whether the descriptor has an extended attribute.</summary>
    internal static bool HasXattr(int fd, ReadOnlySpan<byte> name) => GetXattr(fd, name, default, out _) == 0;

    private static int Length(nint result, out int length)
    {
        length = (int)Math.Max(result, 0);
        return Error(result);
    }

    /// <summary>As the kernel says it of names that are too long.</summary>
    private static int TerminateXattr(ReadOnlySpan<byte> name, byte* z)
    {
        if (name.Length >= XattrNameMax) { return Errno.ERANGE; }
        if (name.Contains((byte)0)) { return Errno.EINVAL; }
        name.CopyTo(new Span<byte>(z, XattrNameMax));
        z[name.Length] = 0;
        return 0;
    }

    /// <summary>Writes <c>/proc/self/fd/N/entry</c> and asks the observer.</summary>
    private static int BeginPath(SystemCall call, int directory, ReadOnlySpan<byte> entry, byte* path)
    {
        ReadOnlySpan<byte> prefix = "/proc/self/fd/"u8;
        var room = new Span<byte>(path, PathMax + 32);
        prefix.CopyTo(room);
        directory.TryFormat(room[prefix.Length..], out int digits, default, CultureInfo.InvariantCulture);
        int at = prefix.Length + digits;
        path[at++] = (byte)'/';
        if (at + entry.Length >= PathMax) { return Errno.ENAMETOOLONG; }
        int errno = Terminate(entry, path + at);
        return errno != 0 ? errno : Observe(call, directory, entry);
    }

    [LibraryImport("libc", SetLastError = true)] private static partial nint flistxattr(int fd, byte* list, nuint size);
    [LibraryImport("libc", SetLastError = true)] private static partial nint llistxattr(byte* path, byte* list, nuint size);
    [LibraryImport("libc", SetLastError = true)] private static partial nint fgetxattr(int fd, byte* name, byte* value, nuint size);
    [LibraryImport("libc", SetLastError = true)] private static partial nint lgetxattr(byte* path, byte* name, byte* value, nuint size);
    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsetxattr(int fd, byte* name, byte* value, nuint size, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int fremovexattr(int fd, byte* name);
}
