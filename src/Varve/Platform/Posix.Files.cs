using System.Runtime.InteropServices;

namespace Varve.Platform;

/// <content>Opening, reading, writing and syncing.</content>
public static unsafe partial class Posix
{
    /// <summary>openat(2). The descriptor, or -1. Pass O_CLOEXEC.</summary>
    public static int OpenAt(int directory, byte* path, int flags, uint mode = 0)
    {
        int result;
        do { result = openat(directory, path, flags, mode); } while (Interrupted(result));
        return result;
    }

    /// <summary>openat(2). The descriptor, or -1. Pass O_CLOEXEC.</summary>
    public static int OpenAt(int directory, ReadOnlySpan<byte> path, int flags, uint mode = 0)
    {
        byte* buffer = stackalloc byte[PathMax];
        return Terminate(path, buffer) ? OpenAt(directory, buffer, flags, mode) : -1;
    }

    /// <summary>close(2). Never retried: on Linux the descriptor is gone in any case.</summary>
    public static int Close(int fd) => close(fd);

    /// <summary>pread(2): bytes read, 0 at the end, -1.</summary>
    public static long ReadAt(int fd, Span<byte> destination, long offset)
    {
        fixed (byte* p = destination)
        {
            nint result;
            do { result = pread64(fd, p, (nuint)destination.Length, offset); } while (Interrupted(result));
            return result;
        }
    }

    /// <summary>write(2) until everything is written: 0, or -1.</summary>
    public static int WriteAll(int fd, ReadOnlySpan<byte> source)
    {
        Observer?.Invoke("write");
        fixed (byte* p = source)
        {
            for (nint done = 0; done < source.Length;)
            {
                nint result = write(fd, p + done, (nuint)(source.Length - done));
                if (Interrupted(result)) { continue; }
                if (result <= 0) { return result < 0 ? -1 : Fail(Errno.EIO); }
                done += result;
            }
        }

        return 0;
    }

    /// <summary>pwrite(2) until everything is written: 0, or -1.</summary>
    public static int WriteAllAt(int fd, ReadOnlySpan<byte> source, long offset)
    {
        Observer?.Invoke("write");
        fixed (byte* p = source)
        {
            for (nint done = 0; done < source.Length;)
            {
                nint result = pwrite64(fd, p + done, (nuint)(source.Length - done), offset + done);
                if (Interrupted(result)) { continue; }
                if (result <= 0) { return result < 0 ? -1 : Fail(Errno.EIO); }
                done += result;
            }
        }

        return 0;
    }

    /// <summary>ftruncate(2).</summary>
    public static int SetLength(int fd, long length)
    {
        int result;
        do { result = ftruncate64(fd, length); } while (Interrupted(result));
        return result;
    }

    /// <summary>lseek(2) with SEEK_DATA: where the next data at or after <paramref name="offset"/> begins; -1 with ENXIO when there is none.</summary>
    public static long SeekData(int fd, long offset) => lseek64(fd, offset, 3);

    /// <summary>lseek(2) with SEEK_HOLE: where the next hole at or after <paramref name="offset"/> begins; the end counts as one.</summary>
    public static long SeekHole(int fd, long offset) => lseek64(fd, offset, 4);

    /// <summary>lseek(2) with SEEK_SET.</summary>
    public static long Seek(int fd, long offset) => lseek64(fd, offset, 0);

    /// <summary>fsync(2).</summary>
    public static int Sync(int fd)
    {
        Observer?.Invoke("fsync");
        int result;
        do { result = fsync(fd); } while (Interrupted(result));
        return result;
    }

    /// <summary>flock(2).</summary>
    public static int Lock(int fd, int operation)
    {
        Observer?.Invoke("lock");
        int result;
        do { result = flock(fd, operation); } while (Interrupted(result));
        return result;
    }

    /// <summary>The f_type of fstatfs(2).</summary>
    public static int FileSystemType(int fd, out long type)
    {
        long* buffer = stackalloc long[64];
        int result;
        do { result = fstatfs64(fd, buffer); } while (Interrupted(result));
        type = result == 0 ? buffer[0] : 0;
        return result;
    }

    /// <summary>How many descriptors the process may have open (the soft limit of RLIMIT_NOFILE), at most int.MaxValue; 256 if it cannot be read.</summary>
    public static int DescriptorLimit()
    {
        const int RLIMIT_NOFILE = 7;
        ulong* limits = stackalloc ulong[2];
        return getrlimit(RLIMIT_NOFILE, limits) == 0 ? (int)Math.Min(limits[0], int.MaxValue) : 256;
    }

    [LibraryImport("libc", SetLastError = true)] private static partial int openat(int directory, byte* path, int flags, uint mode);
    [LibraryImport("libc", SetLastError = true)] private static partial int close(int fd);
    [LibraryImport("libc", SetLastError = true)] private static partial nint pread64(int fd, byte* buffer, nuint count, long offset);
    [LibraryImport("libc", SetLastError = true)] private static partial nint write(int fd, byte* buffer, nuint count);
    [LibraryImport("libc", SetLastError = true)] private static partial nint pwrite64(int fd, byte* buffer, nuint count, long offset);
    [LibraryImport("libc", SetLastError = true)] private static partial int ftruncate64(int fd, long length);
    [LibraryImport("libc", SetLastError = true)] private static partial long lseek64(int fd, long offset, int whence);
    [LibraryImport("libc", SetLastError = true)] private static partial int fsync(int fd);
    [LibraryImport("libc", SetLastError = true)] private static partial int flock(int fd, int operation);
    [LibraryImport("libc", SetLastError = true)] private static partial int fstatfs64(int fd, long* buffer);
    [LibraryImport("libc", SetLastError = true)] private static partial int getrlimit(int resource, ulong* limits);
}
