using System.Runtime.InteropServices;

namespace Varve.Platform;

internal static unsafe partial class PosixWrite
{
    private const int AtFdCwd = -100, AtSymlinkNoFollow = 0x100, AtEmptyPath = 0x1000;

    [LibraryImport("libc", SetLastError = true)] private static partial int openat(int dir, byte* name, int flags, uint mode);
    [LibraryImport("libc", SetLastError = true)] private static partial int close(int fd);
    [LibraryImport("libc", SetLastError = true)] private static partial int mkdirat(int dir, byte* name, uint mode);
    [LibraryImport("libc", SetLastError = true)] private static partial int mknodat(int dir, byte* name, uint mode, ulong device);
    [LibraryImport("libc", SetLastError = true)] private static partial int symlinkat(byte* target, int dir, byte* name);
    [LibraryImport("libc", SetLastError = true)] private static partial int linkat(int fromDir, byte* from, int toDir, byte* to, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int unlinkat(int dir, byte* name, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial nint write(int fd, byte* bytes, nint count);
    [LibraryImport("libc", SetLastError = true)] private static partial nint pwrite(SafeHandle fd, byte* bytes, nint count, long offset);
    [LibraryImport("libc", SetLastError = true)] private static partial int ftruncate(int fd, long length);
    [LibraryImport("libc", SetLastError = true)] private static partial int fchown(int fd, uint uid, uint gid);
    [LibraryImport("libc", SetLastError = true)] private static partial int fchownat(int dir, byte* name, uint uid, uint gid, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int fchmod(int fd, uint mode);
    [LibraryImport("libc", SetLastError = true)] private static partial int fchmodat(int dir, byte* name, uint mode, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int futimens(int fd, long* times);
    [LibraryImport("libc", SetLastError = true)] private static partial int utimensat(int dir, byte* name, long* times, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int fsetxattr(int fd, byte* name, byte* value, nint size, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int lsetxattr(byte* path, byte* name, byte* value, nint size, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int fremovexattr(int fd, byte* name);
    [LibraryImport("libc", SetLastError = true)] private static partial nint fgetxattr(int fd, byte* name, byte* value, nint size);
    [LibraryImport("libc", SetLastError = true)] private static partial int fcntl(int fd, int command, nint argument);
    [LibraryImport("libc", SetLastError = true)] private static partial int ioctl(int fd, nuint request, int* value);
    [LibraryImport("libc", SetLastError = true)] private static partial int statx(int dir, byte* name, int flags, uint mask, byte* buffer);
    [LibraryImport("libc")] private static partial int getpwnam_r(byte* name, byte* entry, byte* buffer, nint size, byte** result);
    [LibraryImport("libc")] private static partial int getgrnam_r(byte* name, byte* entry, byte* buffer, nint size, byte** result);
}
