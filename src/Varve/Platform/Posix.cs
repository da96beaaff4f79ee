using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Varve.Platform;

/// <summary>
/// Linux system calls, thinly, for all that reads and writes files: names are bytes, every call returns 0 or an error number
/// (<see cref="Errno"/>) and gives what it yields besides in <c>out</c> parameters. EINTR is retried here and nowhere else, a thousand
/// times at most; EMFILE for a tenth of a second. Nothing is remembered, thrown or allocated; every method may be called from any thread.
/// Descriptors are closed on exec. A name with a NUL gives EINVAL, one over 4,095 bytes ENAMETOOLONG, both without a call. Structures
/// whose layout differs between architectures (stat, dirent) are avoided: statx and getdents64 have one layout.
/// </summary>
[SkipLocalsInit]
internal static unsafe partial class Posix
{
    internal const int AT_FDCWD = -100, AT_SYMLINK_NOFOLLOW = 0x100, AT_REMOVEDIR = 0x200, AT_NO_AUTOMOUNT = 0x800, AT_EMPTY_PATH = 0x1000;
    internal const int O_RDONLY = 0, O_WRONLY = 1, O_RDWR = 2, O_CREAT = 0x40, O_EXCL = 0x80, O_NOCTTY = 0x100, O_TRUNC = 0x200,
        O_APPEND = 0x400, O_NONBLOCK = 0x800, O_NOATIME = 0x40000, O_PATH = 0x200000;
    internal const int LOCK_SH = 1, LOCK_EX = 2, LOCK_NB = 4, LOCK_UN = 8;
    internal const uint RENAME_NOREPLACE = 1;

    /// <summary>Fail with ENOTDIR unless it is a directory. The number differs between architectures.</summary>
    internal static readonly int O_DIRECTORY = IsArm ? 0x4000 : 0x10000;

    /// <summary>Fail with ELOOP (ENOTDIR together with <see cref="O_DIRECTORY"/>) if the last component is a symlink.</summary>
    internal static readonly int O_NOFOLLOW = IsArm ? 0x8000 : 0x20000;

    /// <summary>A file without a name in a directory.</summary>
    internal static readonly int O_TMPFILE = 0x400000 | O_DIRECTORY;

    private const int O_CLOEXEC = 0x80000;
    private const int PathMax = 4096, MostTries = 1000, MostWaits = 100;

    /// <summary>
    /// Tests only, null otherwise: asked before every call. It returns 0 to let the call happen, or the error number that the caller gets
    /// instead; what it throws passes through, as a crash would. It is asked on every thread of the process.
    /// </summary>
    internal static SystemCallObserver? Observer;

    private static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Observe(SystemCall call, int descriptor, ReadOnlySpan<byte> name = default) =>
        Observer is { } observer ? observer(call, descriptor, name) : 0;

    /// <summary>The error number of a call that returned this: 0 unless it is negative.</summary>
    private static int Error(long returned) => returned >= 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>
    /// Whether an error number may say that the system has not that call: then an older way is tried. EPERM is what sandboxes say of calls
    /// that they do not know; where it is meant, the older way says it again.
    /// </summary>
    internal static bool IsUnknown(int errno) => errno is Errno.ENOSYS or Errno.EPERM;

    /// <summary>
    /// Whether a call is to be made again: a signal came; or no descriptor is free, which may be over at once, since a thread that begins
    /// takes three for a moment. Not for ever: some file systems answer EINTR each time (FUSE), and then the caller gets that.
    /// </summary>
    private static bool Interrupted(long returned, ref int tries)
    {
        int errno = returned >= 0 ? 0 : Marshal.GetLastPInvokeError();
        if (errno is not (Errno.EINTR or Errno.EMFILE)) { return false; }
        if (errno == Errno.EMFILE) { Thread.Sleep(1); }
        return ++tries < (errno == Errno.EMFILE ? MostWaits : MostTries);
    }

    /// <summary>Before a call with a name: copies it into the buffer, of <see cref="PathMax"/> bytes, and asks the observer.</summary>
    private static int Begin(SystemCall call, int directory, ReadOnlySpan<byte> name, byte* buffer)
    {
        int errno = Terminate(name, buffer);
        return errno == 0 ? Observe(call, directory, name) : errno;
    }

    private static int Terminate(ReadOnlySpan<byte> path, byte* buffer)
    {
        if (path.Length >= PathMax) { return Errno.ENAMETOOLONG; }
        if (path.Contains((byte)0)) { return Errno.EINVAL; }
        path.CopyTo(new Span<byte>(buffer, PathMax));
        buffer[path.Length] = 0;
        return 0;
    }
}
