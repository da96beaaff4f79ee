using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Varve.Model;

namespace Varve.Platform;

/// <summary>
/// The system calls that create and fill files: every one takes a descriptor, or a directory's descriptor and one name in it, and
/// follows no symbolic link. Each returns 0 or an error number; nothing throws, nothing allocates, all of it is thread-safe.
/// Names are bytes without NUL; names of more than 1,023 bytes give ENAMETOOLONG without a call.
/// </summary>
internal static unsafe partial class PosixWrite
{
    private const int NameBuffer = 1024;

    /// <summary>Flags of open. Two of them differ between processors.</summary>
    public const int WriteOnly = 1, Create = 0x40, Exclusive = 0x80, NonBlocking = 0x800, CloseOnExec = 0x80000;

    private static readonly bool s_arm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    /// <summary>O_DIRECTORY.</summary>
    public static readonly int DirectoryOnly = s_arm ? 0x4000 : 0x10000;

    /// <summary>O_NOFOLLOW.</summary>
    public static readonly int NoFollow = s_arm ? 0x8000 : 0x20000;

    /// <summary>openat, close-on-exec. <paramref name="fd"/> is -1 when it fails.</summary>
    [SkipLocalsInit]
    public static int OpenAt(int dir, ReadOnlySpan<byte> name, int flags, uint mode, out int fd)
    {
        byte* z = stackalloc byte[NameBuffer];
        fd = -1;
        if (!Terminate(name, z)) { return Errno.ENAMETOOLONG; }
        int error;
        do
        {
            fd = openat(dir, z, flags | CloseOnExec, mode);
            error = Result(fd);
        } while (error == Errno.EINTR);
        return error;
    }

    /// <summary>Opens the directory at a path given by the user; here symbolic links are followed, for the user named them.</summary>
    public static int OpenRoot(ReadOnlySpan<byte> pathWithNul, out int fd)
    {
        fixed (byte* z = pathWithNul) { fd = openat(AtFdCwd, z, DirectoryOnly | CloseOnExec, 0); }
        return Result(fd);
    }

    /// <summary>mkdir at a path given by the user, by default with mode 0700.</summary>
    public static int MakeRoot(ReadOnlySpan<byte> pathWithNul, uint mode = 0x1C0)
    {
        fixed (byte* z = pathWithNul) { return Result(mkdirat(AtFdCwd, z, mode)); }
    }

    /// <summary>close. Never retried: Linux closes even when it reports an error.</summary>
    public static int Close(int fd) => Result(close(fd));

    /// <summary>mkdirat.</summary>
    [SkipLocalsInit]
    public static int MakeDirectory(int dir, ReadOnlySpan<byte> name, uint mode)
    {
        byte* z = stackalloc byte[NameBuffer];
        return Terminate(name, z) ? Result(mkdirat(dir, z, mode)) : Errno.ENAMETOOLONG;
    }

    /// <summary>mknodat: <paramref name="mode"/> carries the S_IFMT bits.</summary>
    [SkipLocalsInit]
    public static int MakeNode(int dir, ReadOnlySpan<byte> name, uint mode, uint major, uint minor)
    {
        byte* z = stackalloc byte[NameBuffer];
        ulong device = ((ulong)(major & 0xFFFFF000) << 32) | ((ulong)(major & 0xFFF) << 8) | ((ulong)(minor & 0xFFFFFF00) << 12) | (minor & 0xFF);
        return Terminate(name, z) ? Result(mknodat(dir, z, mode, device)) : Errno.ENAMETOOLONG;
    }

    /// <summary>symlinkat; the target must be without NUL.</summary>
    [SkipLocalsInit]
    public static int MakeSymlink(ReadOnlySpan<byte> target, int dir, ReadOnlySpan<byte> name)
    {
        byte* z = stackalloc byte[NameBuffer];
        byte* t = stackalloc byte[4097];
        if (target.Length > 4096 || !Terminate(name, z)) { return Errno.ENAMETOOLONG; }
        target.CopyTo(new Span<byte>(t, 4096));
        t[target.Length] = 0;
        return Result(symlinkat(t, dir, z));
    }

    /// <summary>linkat; a symbolic link is linked itself, not what it points to.</summary>
    [SkipLocalsInit]
    public static int Link(int fromDir, ReadOnlySpan<byte> from, int toDir, ReadOnlySpan<byte> to)
    {
        byte* f = stackalloc byte[NameBuffer];
        byte* t = stackalloc byte[NameBuffer];
        return Terminate(from, f) && Terminate(to, t) ? Result(linkat(fromDir, f, toDir, t, 0)) : Errno.ENAMETOOLONG;
    }

    /// <summary>unlinkat of anything but a directory.</summary>
    [SkipLocalsInit]
    public static int Unlink(int dir, ReadOnlySpan<byte> name)
    {
        byte* z = stackalloc byte[NameBuffer];
        return Terminate(name, z) ? Result(unlinkat(dir, z, 0)) : Errno.ENAMETOOLONG;
    }

    /// <summary>Writes all of it at the descriptor's position.</summary>
    public static int WriteAll(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (int done = 0; done < bytes.Length;)
            {
                nint n = write(fd, start + done, bytes.Length - done);
                int error = n < 0 ? Marshal.GetLastPInvokeError() : n == 0 ? Errno.EIO : 0;
                if (error == 0) { done += (int)n; }
                else if (error != Errno.EINTR) { return error; }
            }
        }

        return 0;
    }

    /// <summary>Writes all of it at an offset, from any thread. A disposed handle throws <see cref="ObjectDisposedException"/>.</summary>
    public static int WriteAllAt(PosixWriteHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        fixed (byte* start = bytes)
        {
            for (int done = 0; done < bytes.Length;)
            {
                nint n = pwrite(file, start + done, bytes.Length - done, offset + done);
                int error = n < 0 ? Marshal.GetLastPInvokeError() : n == 0 ? Errno.EIO : 0;
                if (error == 0) { done += (int)n; }
                else if (error != Errno.EINTR) { return error; }
            }
        }

        return 0;
    }

    /// <summary>ftruncate: what is not written before the new end is a hole.</summary>
    public static int SetLength(int fd, long length)
    {
        int error;
        do { error = Result(ftruncate(fd, length)); } while (error == Errno.EINTR);
        return error;
    }

    private static bool Terminate(ReadOnlySpan<byte> name, byte* z)
    {
        if (name.Length >= NameBuffer) { return false; }
        name.CopyTo(new Span<byte>(z, NameBuffer));
        z[name.Length] = 0;
        return true;
    }

    private static int Result(int returned) => returned >= 0 ? 0 : Marshal.GetLastPInvokeError();
}
