using System.Runtime.InteropServices;

namespace Varve.Platform;

/// <content>openat2(2).</content>
internal static unsafe partial class Posix
{
    private const long OpenAt2 = 437; // on every architecture
    private const ulong RESOLVE_NO_MAGICLINKS = 2, RESOLVE_NO_SYMLINKS = 4, RESOLVE_BENEATH = 8;

    /// <summary>
    /// openat2(2) with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS, close-on-exec: ELOOP for a symlink anywhere in the path, EXDEV for a path
    /// that leads out, ENOSYS from kernels before 5.6. The mode is for files that it makes.
    /// </summary>
    internal static int OpenBeneath(int directory, ReadOnlySpan<byte> path, int flags, uint mode, out SafeFd file)
    {
        byte* buffer = stackalloc byte[PathMax];
        bool creates = (flags & O_CREAT) != 0;
        file = default;
        int errno = Begin(creates ? SystemCall.Create : SystemCall.Open, directory, path, buffer);
        if (errno == 0) { errno = Observe(SystemCall.Resolve, directory, path); }
        if (errno != 0) { return errno; }
        var how = new OpenHow
        {
            Flags = (uint)(flags | O_CLOEXEC), Mode = creates ? mode : 0,
            Resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
        };
        int tries = 0;
        long fd;
        do { fd = syscall(OpenAt2, directory, (nint)buffer, (nint)(&how), sizeof(OpenHow)); } while (Interrupted(fd, ref tries));
        file = new SafeFd((int)fd);
        return Error(fd);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial long syscall(long number, nint directory, nint path, nint how, nint size);

    /// <summary>struct open_how of linux/openat2.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }
}
