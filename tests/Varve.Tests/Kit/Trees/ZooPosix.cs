using System.Runtime.InteropServices;
using System.Text;

namespace Varve.Tests.Kit.Trees;

/// <summary>
/// The zoo's and the judges' own system calls, apart from the library's, so that a mistake there cannot hide itself. They throw
/// on errors. Paths are bytes.
/// </summary>
internal static unsafe partial class ZooPosix
{
    public const int NoFollowFlag = 0x100, EPERM = 1, ENODATA = 61, ENOTSUP = 95;

    public static readonly int DirectoryOnly = Arm ? 0x4000 : 0x10000;
    public static readonly int NoFollow = Arm ? 0x8000 : 0x20000;
    private const int CloseOnExec = 0x80000, NonBlocking = 0x800, Here = -100;

    private static bool Arm => RuntimeInformation.ProcessArchitecture is System.Runtime.InteropServices.Architecture.Arm64;

    public static byte[] Path(string root, params string[] rest) => Encoding.UTF8.GetBytes(System.IO.Path.Combine([root, .. rest]));

    public static byte[] Path(string root, byte[] name) => [.. Encoding.UTF8.GetBytes(root), (byte)'/', .. name];

    public static void MakeDirectory(byte[] path, uint mode = 0x1ED) => Check(mkdirat(Here, Z(path), mode), path);
    public static void MakeDirectoryAt(int dir, byte[] name) => Check(mkdirat(dir, Z(name), 0x1ED), name);
    public static void MakeNode(byte[] path, uint mode, uint major, uint minor) =>
        Check(mknod(Z(path), mode, ((ulong)(major & 0xFFFFF000) << 32) | ((major & 0xFFF) << 8) | ((ulong)(minor & 0xFFFFFF00) << 12)
        | (minor & 0xFF)), path);
    public static void Symlink(byte[] target, byte[] path) => Check(symlink(Z(target), Z(path)), path);
    public static void Link(byte[] from, byte[] to) => Check(linkat(Here, Z(from), Here, Z(to), 0), to);
    public static void Chown(byte[] path, uint uid, uint gid) => Check(lchown(Z(path), uid, gid), path);
    public static void Chmod(byte[] path, uint mode) => Check(chmod(Z(path), mode), path);
    public static void Unlink(byte[] path) => Check(unlink(Z(path)), path);
    public static void SetXattr(byte[] path, string name, byte[] value) =>
        Check(lsetxattr(Z(path), Z(Encoding.ASCII.GetBytes(name)), value, value.Length, 0), path);
    public static void RemoveXattr(byte[] path, string name) => Check(lremovexattr(Z(path), Z(Encoding.ASCII.GetBytes(name))), path);

    public static void SetTime(byte[] path, long seconds, long nanoseconds) => SetTimeAt(Here, path, seconds, nanoseconds);

    public static void SetTimeAt(int dir, byte[] path, long seconds, long nanoseconds)
    {
        long[] times = [1_500_000_000, 0, seconds, nanoseconds];
        Check(utimensat(dir, Z(path), times, NoFollowFlag), path);
    }

    /// <summary>Opens for reading; a directory, or a file, which must not be a fifo or device.</summary>
    public static int OpenAt(int dir, byte[] name, int flags = 0)
    {
        int fd = openat(dir, Z(name), flags | CloseOnExec | NonBlocking, 0);
        Check(fd, name);
        return fd;
    }

    public static int OpenDirectory(string path) => OpenAt(Here, Encoding.UTF8.GetBytes(path), DirectoryOnly);

    /// <summary>Creates a file with content at offsets; what lies between is hole.</summary>
    public static void WriteFileAt(int dir, byte[] name, long size, params (long Offset, byte[] Bytes)[] pieces)
    {
        int fd = openat(dir, Z(name), 0x241 | CloseOnExec, 0x1A4);
        Check(fd, name);
        Check(ftruncate(fd, size), name);
        foreach ((long offset, byte[] bytes) in pieces)
        {
            if (pwrite(fd, bytes, bytes.Length, offset) != bytes.Length) { throw new IOException("short write"); }
        }

        Close(fd);
    }

    public static void WriteFile(byte[] path, byte[] bytes) => WriteFileAt(Here, path, bytes.Length, (0, bytes));
    public static void WriteSparse(byte[] path, long size, params (long Offset, byte[] Bytes)[] pieces) =>
        WriteFileAt(Here, path, size, pieces);

    public static void Close(int fd) => Check(close(fd), "close"u8.ToArray());

    public static int Read(int fd, byte[] buffer, long offset)
    {
        nint n = pread(fd, buffer, buffer.Length, offset);
        Check((int)n, "pread"u8.ToArray());
        return (int)n;
    }

    /// <summary>The next data at or after an offset, or long.MaxValue if the rest is hole.</summary>
    public static long SeekData(int fd, long offset)
    {
        long at = lseek(fd, offset, 3);
        return at >= 0 ? at : Marshal.GetLastPInvokeError() == 6 ? long.MaxValue : offset;
    }

    /// <summary>The next hole at or after an offset.</summary>
    public static long SeekHole(int fd, long offset)
    {
        long at = lseek(fd, offset, 4);
        return at >= 0 ? at : long.MaxValue;
    }

    public static byte[] ReadLinkAt(int dir, byte[] name)
    {
        var buffer = new byte[8192];
        nint n = readlinkat(dir, Z(name), buffer, buffer.Length);
        Check((int)n, name);
        return buffer[..(int)n];
    }

    /// <summary>The names in a directory, sorted as bytes.</summary>
    public static List<byte[]> List(int dir)
    {
        var names = new List<byte[]>();
        nint stream = fdopendir(OpenAt(dir, "."u8.ToArray(), DirectoryOnly));
        while (readdir(stream) is var entry && entry != null)
        {
            ReadOnlySpan<byte> name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + 19);
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8)) { names.Add(name.ToArray()); }
        }

        int error = Marshal.GetLastPInvokeError();
        _ = closedir(stream);
        if (error != 0) { throw new IOException($"readdir: errno {error}"); }
        names.Sort(static (x, y) => x.AsSpan().SequenceCompareTo(y));
        return names;
    }

    public static ZooStat Stat(byte[] path) => StatAt(Here, path);

    public static ZooStat StatAt(int dir, byte[] name)
    {
        var b = new byte[256];
        Check(statx(dir, Z(name), NoFollowFlag | (name.Length == 0 ? 0x1000 : 0), 0x17FF, b), name);
        return new ZooStat(b);
    }

    /// <summary>Extended attributes of a name in an open directory, by name; those the process may see.</summary>
    public static SortedDictionary<string, byte[]> XattrsAt(int dir, byte[] name)
    {
        var found = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        byte[] path = [.. Encoding.ASCII.GetBytes($"/proc/self/fd/{dir}/"), .. name];
        var list = new byte[65536];
        nint n = llistxattr(Z(path), list, list.Length);
        if (n < 0 && Marshal.GetLastPInvokeError() == ENOTSUP) { return found; }
        Check((int)n, name);
        foreach (string x in Encoding.Latin1.GetString(list, 0, (int)n).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var value = new byte[65536];
            nint length = lgetxattr(Z(path), Z(Encoding.Latin1.GetBytes(x)), value, value.Length);
            if (length < 0 && Marshal.GetLastPInvokeError() == ENODATA) { continue; }
            Check((int)length, name);
            found[x] = value[..(int)length];
        }

        return found;
    }

    /// <summary>Inode flags; 0 where the file system has none.</summary>
    public static uint GetFlags(byte[] path)
    {
        int fd = OpenAt(Here, path);
        int flags = 0;
        if (ioctl(fd, 0x80086601, &flags) < 0) { flags = 0; }
        Close(fd);
        return (uint)flags;
    }

    /// <summary>Adds and removes inode flags; false where that is impossible.</summary>
    public static bool ChangeFlags(byte[] path, uint add, uint remove)
    {
        int fd = OpenAt(Here, path);
        int flags = 0;
        bool done = ioctl(fd, 0x80086601, &flags) >= 0;
        flags = (int)(((uint)flags | add) & ~remove);
        done = done && ioctl(fd, 0x40086602, &flags) >= 0;
        Close(fd);
        return done;
    }

    /// <summary>Makes the calling thread, and no other, an ordinary user: the raw system calls change one thread's credentials.</summary>
    public static void BecomeUser(uint id)
    {
        (int groups, int gid, int uid) = Arm ? (159, 149, 147) : (116, 119, 117);
        nint n = (nint)id;
        Check((int)syscall(groups, 0, 0, 0), "setgroups"u8.ToArray());
        Check((int)syscall(gid, n, n, n), "setresgid"u8.ToArray());
        Check((int)syscall(uid, n, n, n), "setresuid"u8.ToArray());
    }

    public static bool IsRoot => geteuid() == 0;

    private static byte[] Z(byte[] path) => [.. path, 0];

    private static void Check(int returned, byte[] subject)
    {
        if (returned < 0) { throw new ZooException(Marshal.GetLastPInvokeError(), Encoding.Latin1.GetString(subject)); }
    }

    [LibraryImport("libc", SetLastError = true)] private static partial int mkdirat(int dir, byte[] path, uint mode);
    [LibraryImport("libc", SetLastError = true)] private static partial int mknod(byte[] path, uint mode, ulong device);
    [LibraryImport("libc", SetLastError = true)] private static partial int symlink(byte[] target, byte[] path);
    [LibraryImport("libc", SetLastError = true)]
    private static partial int linkat(int fromDir, byte[] from, int toDir, byte[] to, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int lchown(byte[] path, uint uid, uint gid);
    [LibraryImport("libc", SetLastError = true)] private static partial int chmod(byte[] path, uint mode);
    [LibraryImport("libc", SetLastError = true)] private static partial int unlink(byte[] path);
    [LibraryImport("libc", SetLastError = true)]
    private static partial int lsetxattr(byte[] path, byte[] name, byte[] value, nint size, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int lremovexattr(byte[] path, byte[] name);
    [LibraryImport("libc", SetLastError = true)] private static partial nint llistxattr(byte[] path, byte[] list, nint size);
    [LibraryImport("libc", SetLastError = true)] private static partial nint lgetxattr(byte[] path, byte[] name, byte[] value, nint size);
    [LibraryImport("libc", SetLastError = true)] private static partial int utimensat(int dir, byte[] path, long[] times, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int openat(int dir, byte[] path, int flags, uint mode);
    [LibraryImport("libc", SetLastError = true)] private static partial int close(int fd);
    [LibraryImport("libc", SetLastError = true)] private static partial int ftruncate(int fd, long size);
    [LibraryImport("libc", SetLastError = true)] private static partial nint pwrite(int fd, byte[] bytes, nint count, long offset);
    [LibraryImport("libc", SetLastError = true)] private static partial nint pread(int fd, byte[] bytes, nint count, long offset);
    [LibraryImport("libc", SetLastError = true)] private static partial long lseek(int fd, long offset, int whence);
    [LibraryImport("libc", SetLastError = true)] private static partial nint readlinkat(int dir, byte[] path, byte[] buffer, nint size);
    [LibraryImport("libc", SetLastError = true)] private static partial nint fdopendir(int fd);
    [LibraryImport("libc", SetLastError = true)] private static partial byte* readdir(nint stream);
    [LibraryImport("libc", SetLastError = true)] private static partial int closedir(nint stream);
    [LibraryImport("libc", SetLastError = true)]
    private static partial int statx(int dir, byte[] path, int flags, uint mask, byte[] buffer);
    [LibraryImport("libc", SetLastError = true)] private static partial int ioctl(int fd, nuint request, int* value);
    [LibraryImport("libc", SetLastError = true)] private static partial nint syscall(nint number, nint a, nint b, nint c);
    [LibraryImport("libc")] private static partial uint geteuid();
}
