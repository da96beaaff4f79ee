using System.Runtime.InteropServices;

namespace Varve.Platform;

/// <content>Extended attributes: of a descriptor, or of a path whose last component is not followed.</content>
public static unsafe partial class Posix
{
    internal static long ListXattrs(int fd, byte* path, byte* buffer, int length)
    {
        nint result;
        do { result = path == null ? flistxattr(fd, buffer, (nuint)length) : llistxattr(path, buffer, (nuint)length); } while (Interrupted(result));
        return result;
    }

    internal static long GetXattr(int fd, byte* path, byte* name, byte* buffer, int length)
    {
        nint result;
        do { result = path == null ? fgetxattr(fd, name, buffer, (nuint)length) : lgetxattr(path, name, buffer, (nuint)length); } while (Interrupted(result));
        return result;
    }

    [LibraryImport("libc", SetLastError = true)] private static partial nint flistxattr(int fd, byte* list, nuint size);
    [LibraryImport("libc", SetLastError = true)] private static partial nint llistxattr(byte* path, byte* list, nuint size);
    [LibraryImport("libc", SetLastError = true)] private static partial nint fgetxattr(int fd, byte* name, byte* value, nuint size);
    [LibraryImport("libc", SetLastError = true)] private static partial nint lgetxattr(byte* path, byte* name, byte* value, nuint size);
}
