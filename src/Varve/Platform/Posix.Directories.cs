using System.Runtime.InteropServices;

namespace Varve.Platform;

/// <content>Names in directories. No call follows a symlink in the last component.</content>
internal static unsafe partial class Posix
{
    /// <summary>getdents64(2): how many bytes were filled, 0 at the end.</summary>
    internal static int ReadDirectory(int fd, Span<byte> destination, out int filled)
    {
        filled = 0;
        int errno = Observe(SystemCall.List, fd);
        if (errno != 0) { return errno; }
        nint result;
        int tries = 0;
        fixed (byte* p = destination)
        {
            do { result = getdents64(fd, p, (nuint)destination.Length); } while (Interrupted(result, ref tries));
        }

        if (result < 0) { return Error(result); }
        filled = (int)result;
        return 0;
    }

    /// <summary>readlinkat(2): the length of the target, cut to <paramref name="destination"/>.</summary>
    internal static int ReadLinkAt(int directory, ReadOnlySpan<byte> name, Span<byte> destination, out int length)
    {
        length = 0;
        byte* buffer = stackalloc byte[PathMax];
        int errno = Begin(SystemCall.ReadLink, directory, name, buffer);
        if (errno != 0) { return errno; }
        nint result;
        int tries = 0;
        fixed (byte* p = destination)
        {
            do { result = readlinkat(directory, buffer, p, (nuint)destination.Length); } while (Interrupted(result, ref tries));
        }

        if (result < 0) { return Error(result); }
        length = (int)result;
        return 0;
    }

    /// <summary>mkdirat(2).</summary>
    internal static int MakeDirectoryAt(int directory, ReadOnlySpan<byte> path, uint mode)
    {
        byte* buffer = stackalloc byte[PathMax];
        int errno = Begin(SystemCall.MakeDirectory, directory, path, buffer);
        return errno != 0 ? errno : Error(mkdirat(directory, buffer, mode));
    }

    /// <summary>mknodat(2): <paramref name="mode"/> carries the S_IFMT bits.</summary>
    internal static int MakeNodeAt(int directory, ReadOnlySpan<byte> name, uint mode, uint major, uint minor)
    {
        byte* buffer = stackalloc byte[PathMax];
        int errno = Begin(SystemCall.MakeNode, directory, name, buffer);
        return errno != 0 ? errno : Error(mknodat(directory, buffer, mode, DeviceNumber(major, minor)));
    }

    /// <summary>Major and minor number in one, as <c>stat</c> gives it.</summary>
    internal static ulong DeviceNumber(uint major, uint minor) =>
        ((ulong)(major & 0xFFFFF000) << 32) | ((ulong)(major & 0xFFF) << 8) | ((ulong)(minor & 0xFFFFFF00) << 12) | (minor & 0xFF);

    /// <summary>symlinkat(2).</summary>
    internal static int MakeSymlinkAt(ReadOnlySpan<byte> target, int directory, ReadOnlySpan<byte> name)
    {
        byte* t = stackalloc byte[PathMax];
        byte* buffer = stackalloc byte[PathMax];
        int errno = Terminate(target, t);
        if (errno == 0) { errno = Begin(SystemCall.MakeSymlink, directory, name, buffer); }
        return errno != 0 ? errno : Error(symlinkat(t, directory, buffer));
    }

    /// <summary>unlinkat(2); AT_REMOVEDIR for directories.</summary>
    internal static int UnlinkAt(int directory, ReadOnlySpan<byte> path, int flags = 0)
    {
        byte* buffer = stackalloc byte[PathMax];
        int errno = Begin(SystemCall.Unlink, directory, path, buffer);
        return errno != 0 ? errno : Error(unlinkat(directory, buffer, flags));
    }

    /// <summary>linkat(2): EEXIST if <paramref name="to"/> exists. A symlink is linked itself.</summary>
    internal static int LinkAt(int fromDirectory, ReadOnlySpan<byte> from, int toDirectory, ReadOnlySpan<byte> to)
    {
        byte* f = stackalloc byte[PathMax];
        byte* t = stackalloc byte[PathMax];
        int errno = Terminate(from, f);
        if (errno == 0) { errno = Begin(SystemCall.Link, toDirectory, to, t); }
        return errno != 0 ? errno : Error(linkat(fromDirectory, f, toDirectory, t, 0));
    }

    /// <summary>
    /// renameat2(2). Flags 0 replaces; <see cref="RENAME_NOREPLACE"/> gives EEXIST, or EINVAL where the file system does not know it.
    /// </summary>
    internal static int RenameAt(int fromDirectory, ReadOnlySpan<byte> from, int toDirectory, ReadOnlySpan<byte> to, uint flags)
    {
        byte* f = stackalloc byte[PathMax];
        byte* t = stackalloc byte[PathMax];
        int errno = Terminate(from, f);
        if (errno == 0) { errno = Begin(SystemCall.Rename, toDirectory, to, t); }
        if (errno != 0) { return errno; }
        return Error(flags == 0 ? renameat(fromDirectory, f, toDirectory, t) : renameat2(fromDirectory, f, toDirectory, t, flags));
    }

    [LibraryImport("libc", SetLastError = true)] private static partial nint getdents64(int fd, byte* buffer, nuint count);
    [LibraryImport("libc", SetLastError = true)]
    private static partial nint readlinkat(int directory, byte* path, byte* buffer, nuint size);
    [LibraryImport("libc", SetLastError = true)] private static partial int mkdirat(int directory, byte* path, uint mode);
    [LibraryImport("libc", SetLastError = true)] private static partial int mknodat(int directory, byte* path, uint mode, ulong device);
    [LibraryImport("libc", SetLastError = true)] private static partial int symlinkat(byte* target, int directory, byte* path);
    [LibraryImport("libc", SetLastError = true)] private static partial int unlinkat(int directory, byte* path, int flags);
    [LibraryImport("libc", SetLastError = true)]
    private static partial int linkat(int fromDirectory, byte* from, int toDirectory, byte* to, int flags);
    [LibraryImport("libc", SetLastError = true)]
    private static partial int renameat(int fromDirectory, byte* from, int toDirectory, byte* to);
    [LibraryImport("libc", SetLastError = true)]
    private static partial int renameat2(int fromDirectory, byte* from, int toDirectory, byte* to, uint flags);
}
