using System.Runtime.InteropServices;

namespace Varve.Platform;

/// <content>Names in directories.</content>
public static unsafe partial class Posix
{
    /// <summary>getdents64(2): bytes filled, 0 at the end, -1.</summary>
    public static int ReadDirectory(int fd, byte* buffer, int length)
    {
        nint result;
        do { result = getdents64(fd, buffer, (nuint)length); } while (Interrupted(result));
        return (int)result;
    }

    /// <summary>readlinkat(2): the length of the target, cut to <paramref name="destination"/>; -1.</summary>
    public static int ReadLinkAt(int directory, ReadOnlySpan<byte> name, Span<byte> destination)
    {
        byte* buffer = stackalloc byte[PathMax];
        if (!Terminate(name, buffer)) { return -1; }
        fixed (byte* p = destination)
        {
            nint result;
            do { result = readlinkat(directory, buffer, p, (nuint)destination.Length); } while (Interrupted(result));
            return (int)result;
        }
    }

    /// <summary>mkdirat(2).</summary>
    public static int MakeDirectoryAt(int directory, ReadOnlySpan<byte> path, uint mode)
    {
        byte* buffer = stackalloc byte[PathMax];
        if (!Terminate(path, buffer)) { return -1; }
        Observer?.Invoke("mkdir");
        return mkdirat(directory, buffer, mode);
    }

    /// <summary>unlinkat(2); AT_REMOVEDIR for directories.</summary>
    public static int UnlinkAt(int directory, ReadOnlySpan<byte> path, int flags = 0)
    {
        byte* buffer = stackalloc byte[PathMax];
        if (!Terminate(path, buffer)) { return -1; }
        Observer?.Invoke("unlink");
        return unlinkat(directory, buffer, flags);
    }

    /// <summary>linkat(2) without following symlinks: EEXIST if <paramref name="to"/> exists.</summary>
    public static int LinkAt(int fromDirectory, ReadOnlySpan<byte> from, int toDirectory, ReadOnlySpan<byte> to)
    {
        byte* f = stackalloc byte[PathMax];
        byte* t = stackalloc byte[PathMax];
        if (!Terminate(from, f) || !Terminate(to, t)) { return -1; }
        Observer?.Invoke("link");
        return linkat(fromDirectory, f, toDirectory, t, 0);
    }

    /// <summary>renameat2(2). Flags 0 replaces; <see cref="RENAME_NOREPLACE"/> gives EEXIST, or EINVAL where the file system does not know it.</summary>
    public static int RenameAt(int fromDirectory, ReadOnlySpan<byte> from, int toDirectory, ReadOnlySpan<byte> to, uint flags)
    {
        byte* f = stackalloc byte[PathMax];
        byte* t = stackalloc byte[PathMax];
        if (!Terminate(from, f) || !Terminate(to, t)) { return -1; }
        Observer?.Invoke("rename");
        return flags == 0 ? renameat(fromDirectory, f, toDirectory, t) : renameat2(fromDirectory, f, toDirectory, t, flags);
    }

    [LibraryImport("libc", SetLastError = true)] private static partial nint getdents64(int fd, byte* buffer, nuint count);
    [LibraryImport("libc", SetLastError = true)] private static partial nint readlinkat(int directory, byte* path, byte* buffer, nuint size);
    [LibraryImport("libc", SetLastError = true)] private static partial int mkdirat(int directory, byte* path, uint mode);
    [LibraryImport("libc", SetLastError = true)] private static partial int unlinkat(int directory, byte* path, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int linkat(int fromDirectory, byte* from, int toDirectory, byte* to, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int renameat(int fromDirectory, byte* from, int toDirectory, byte* to);
    [LibraryImport("libc", SetLastError = true)] private static partial int renameat2(int fromDirectory, byte* from, int toDirectory, byte* to, uint flags);
}
