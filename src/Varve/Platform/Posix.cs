using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Varve.Platform;

/// <summary>
/// Linux system calls, thinly: names are bytes, a result below 0 means failure and <see cref="LastError"/> tells which, EINTR is
/// retried here and nowhere else. Nothing is remembered and nothing allocated; every method may be called from any thread.
/// Overloads that take a span copy it to the stack to terminate it: a name with a NUL gives EINVAL, one over 4,095 bytes ENAMETOOLONG.
/// </summary>
/// <remarks>Structures whose layout differs between architectures (stat, dirent) are avoided: statx and getdents64 have one layout.</remarks>
[SkipLocalsInit]
public static unsafe partial class Posix
{
    public const int AT_FDCWD = -100, AT_SYMLINK_NOFOLLOW = 0x100, AT_REMOVEDIR = 0x200, AT_NO_AUTOMOUNT = 0x800, AT_EMPTY_PATH = 0x1000;
    public const int O_RDONLY = 0, O_WRONLY = 1, O_RDWR = 2, O_CREAT = 0x40, O_EXCL = 0x80, O_NOCTTY = 0x100, O_TRUNC = 0x200,
        O_NONBLOCK = 0x800, O_NOATIME = 0x40000, O_CLOEXEC = 0x80000, O_PATH = 0x200000;
    public const int LOCK_SH = 1, LOCK_EX = 2, LOCK_NB = 4, LOCK_UN = 8;
    public const uint RENAME_NOREPLACE = 1;

    /// <summary>Fail with ENOTDIR unless it is a directory. The number differs between architectures.</summary>
    public static readonly int O_DIRECTORY = IsArm ? 0x4000 : 0x10000;

    /// <summary>Fail with ELOOP (ENOTDIR together with <see cref="O_DIRECTORY"/>) if the last component is a symlink.</summary>
    public static readonly int O_NOFOLLOW = IsArm ? 0x8000 : 0x20000;

    private const int PathMax = 4096;

    /// <summary>Tests only: called on this thread with the call's name before it changes the disk or locks. What it throws passes through, as a crash would.</summary>
    [ThreadStatic]
    internal static Action<string>? Observer;

    /// <summary>The error number of the last call of this class on this thread that failed.</summary>
    public static int LastError => Marshal.GetLastPInvokeError();

    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    private static bool Interrupted(long result) => result < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR;

    private static int Fail(int errno)
    {
        Marshal.SetLastPInvokeError(errno);
        return -1;
    }

    /// <summary>Copies a path to <paramref name="buffer"/> (of <see cref="PathMax"/> bytes) with a NUL behind it; false sets the error.</summary>
    private static bool Terminate(ReadOnlySpan<byte> path, byte* buffer)
    {
        int problem = path.Length >= PathMax ? Errno.ENAMETOOLONG : path.Contains((byte)0) ? Errno.EINVAL : 0;
        if (problem != 0)
        {
            Marshal.SetLastPInvokeError(problem);
            return false;
        }

        path.CopyTo(new Span<byte>(buffer, PathMax));
        buffer[path.Length] = 0;
        return true;
    }
}
