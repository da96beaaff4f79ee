using System.Runtime.InteropServices;

namespace Varve.Platform;

/// <content>Opening, reading, writing and syncing.</content>
internal static unsafe partial class Posix
{
    /// <summary>openat(2), close-on-exec.</summary>
    internal static int OpenAt(int directory, ReadOnlySpan<byte> path, int flags, out SafeFd file) =>
        OpenAt(directory, path, flags, 0, out file);

    /// <summary>openat(2), close-on-exec. The mode is for files that it makes.</summary>
    internal static int OpenAt(int directory, ReadOnlySpan<byte> path, int flags, uint mode, out SafeFd file)
    {
        byte* buffer = stackalloc byte[PathMax];
        bool creates = (flags & (O_CREAT | 0x400000)) != 0;
        int errno = Begin(creates ? SystemCall.Create : SystemCall.Open, directory, path, buffer);
        file = default;
        if (errno != 0) { return errno; }
        int fd, tries = 0;
        do { fd = openat(directory, buffer, flags | O_CLOEXEC, mode); } while (Interrupted(fd, ref tries));
        file = new SafeFd(fd);
        return Error(fd);
    }

    /// <summary>
    /// close(2). Never retried: on Linux the descriptor is gone in any case. Some network file systems tell only here that a write failed.
    /// </summary>
    internal static int Close(int fd)
    {
        int observed = Observe(SystemCall.Close, fd), errno = Error(close(fd));
        return observed != 0 ? observed : errno;
    }

    /// <summary>pread(2): how many bytes were read, 0 at the end.</summary>
    internal static int ReadAt(int fd, Span<byte> destination, long offset, out int read)
    {
        read = 0;
        int errno = Observe(SystemCall.Read, fd);
        if (errno != 0) { return errno; }
        nint result;
        int tries = 0;
        fixed (byte* p = destination)
        {
            do { result = pread64(fd, p, (nuint)destination.Length, offset); } while (Interrupted(result, ref tries));
        }

        if (result < 0) { return Error(result); }
        read = (int)result;
        return 0;
    }

    /// <summary>
    /// read(2) at the descriptor's position: how many bytes were read, 0 at the end. Waits if that is a pipe that does not block.
    /// </summary>
    internal static int Read(int fd, Span<byte> destination, out int read)
    {
        read = 0;
        int errno = Observe(SystemCall.Read, fd);
        if (errno != 0) { return errno; }
        nint result;
        int tries = 0;
        fixed (byte* p = destination)
        {
            do { result = Posix.read(fd, p, (nuint)destination.Length); }
            while (Interrupted(result, ref tries) || WouldBlock(result, fd, POLLIN));
        }

        if (result < 0) { return Error(result); }
        read = (int)result;
        return 0;
    }

    /// <summary>
    /// write(2) until everything is written, at the descriptor's position. Waits if that is a pipe or terminal that does not block.
    /// </summary>
    internal static int WriteAll(int fd, ReadOnlySpan<byte> source)
    {
        int errno = Observe(SystemCall.Write, fd), tries = 0;
        fixed (byte* p = source)
        {
            for (nint done = 0; errno == 0 && done < source.Length;)
            {
                nint result = write(fd, p + done, (nuint)(source.Length - done));
                if (!WouldBlock(result, fd, POLLOUT)) { errno = Advance(result, ref done, ref tries); }
            }
        }

        return errno;
    }

    /// <summary>pwrite(2) until everything is written.</summary>
    internal static int WriteAllAt(int fd, ReadOnlySpan<byte> source, long offset)
    {
        int errno = Observe(SystemCall.Write, fd), tries = 0;
        fixed (byte* p = source)
        {
            for (nint done = 0; errno == 0 && done < source.Length;)
            {
                errno = Advance(pwrite64(fd, p + done, (nuint)(source.Length - done), offset + done), ref done, ref tries);
            }
        }

        return errno;
    }

    /// <summary>ftruncate(2): what is not written before the new end is a hole.</summary>
    internal static int SetLength(int fd, long length)
    {
        int errno = Observe(SystemCall.SetLength, fd);
        if (errno != 0) { return errno; }
        int result, tries = 0;
        do { result = ftruncate64(fd, length); } while (Interrupted(result, ref tries));
        return Error(result);
    }

    /// <summary>
    /// lseek(2) with SEEK_DATA: where the next data at or after <paramref name="offset"/> begins; ENXIO when there is none.
    /// </summary>
    internal static int SeekData(int fd, long offset, out long data) => Seek(fd, offset, 3, out data);

    /// <summary>lseek(2) with SEEK_HOLE: where the next hole at or after <paramref name="offset"/> begins; the end counts as one.</summary>
    internal static int SeekHole(int fd, long offset, out long hole) => Seek(fd, offset, 4, out hole);

    /// <summary>lseek(2) to the beginning.</summary>
    internal static int Rewind(int fd) => Seek(fd, 0, 0, out _);

    /// <summary>
    /// syncfs(2): everything that was written to the file system that the descriptor lies on is durable. Where that call is unknown, or a
    /// sandbox refuses it, sync(2) makes it so for all file systems.
    /// </summary>
    internal static int SyncFileSystem(int fd)
    {
        int errno = Observe(SystemCall.Sync, fd);
        if (errno == 0)
        {
            int result, tries = 0;
            do { result = syncfs(fd); } while (Interrupted(result, ref tries));
            errno = Error(result);
        }

        if (!IsUnknown(errno)) { return errno; }
        sync(); // says nothing of what fails
        errno = Sync(fd);
        return errno is Errno.EINVAL or Errno.ENOTSUP ? 0 : errno;
    }

    /// <summary>fsync(2).</summary>
    internal static int Sync(int fd)
    {
        int errno = Observe(SystemCall.Sync, fd);
        if (errno != 0) { return errno; }
        int result, tries = 0;
        do { result = fsync(fd); } while (Interrupted(result, ref tries));
        return Error(result);
    }

    /// <summary>flock(2).</summary>
    internal static int Lock(int fd, int operation)
    {
        int errno = Observe(SystemCall.Lock, fd);
        if (errno != 0) { return errno; }
        int result, tries = 0;
        do { result = flock(fd, operation); } while (Interrupted(result, ref tries));
        return Error(result);
    }

    /// <summary>What is in memory of a file, and on its disk as well, is dropped: the next read comes from there. Best effort.</summary>
    internal static void ForgetPages(int fd) => _ = posix_fadvise64(fd, 0, 0, 4);

    /// <summary>Makes a part of a file a hole, which reads as zeros; ENOTSUP where the file system has none. The length stays.</summary>
    internal static int PunchHole(int fd, long offset, long length)
    {
        const int PunchHole = 2, KeepSize = 1;
        int errno = Observe(SystemCall.SetLength, fd);
        return errno != 0 ? errno : Error(fallocate64(fd, PunchHole | KeepSize, offset, length));
    }

    private static int Seek(int fd, long offset, int whence, out long position)
    {
        position = 0;
        int errno = Observe(SystemCall.Seek, fd);
        if (errno != 0) { return errno; }
        position = lseek64(fd, offset, whence);
        return Error(position);
    }

    /// <summary>Whether a call could do nothing yet: then it has waited until it can.</summary>
    private static bool WouldBlock(nint result, int fd, short events)
    {
        if (result >= 0 || Marshal.GetLastPInvokeError() != Errno.EAGAIN) { return false; }
        Await(fd, events);
        return true;
    }

    /// <summary>What one write of several did. One that writes nothing would be tried for ever.</summary>
    private static int Advance(nint result, ref nint done, ref int tries)
    {
        if (Interrupted(result, ref tries)) { return 0; }
        if (result <= 0) { return result < 0 ? Error(result) : Errno.EIO; }
        done += result;
        return 0;
    }

    [LibraryImport("libc", SetLastError = true)] private static partial int openat(int directory, byte* path, int flags, uint mode);
    [LibraryImport("libc", SetLastError = true)] private static partial int close(int fd);
    [LibraryImport("libc", SetLastError = true)] private static partial nint pread64(int fd, byte* buffer, nuint count, long offset);
    [LibraryImport("libc", SetLastError = true)] private static partial nint read(int fd, byte* buffer, nuint count);
    [LibraryImport("libc", SetLastError = true)] private static partial nint write(int fd, byte* buffer, nuint count);
    [LibraryImport("libc", SetLastError = true)] private static partial nint pwrite64(int fd, byte* buffer, nuint count, long offset);
    [LibraryImport("libc")] private static partial int posix_fadvise64(int fd, long offset, long length, int advice);
    [LibraryImport("libc", SetLastError = true)] private static partial int fallocate64(int fd, int mode, long offset, long length);
    [LibraryImport("libc", SetLastError = true)] private static partial int ftruncate64(int fd, long length);
    [LibraryImport("libc", SetLastError = true)] private static partial long lseek64(int fd, long offset, int whence);
    [LibraryImport("libc", SetLastError = true)] private static partial int fsync(int fd);
    [LibraryImport("libc", SetLastError = true)] private static partial int syncfs(int fd);
    [LibraryImport("libc")] private static partial void sync();
    [LibraryImport("libc", SetLastError = true)] private static partial int flock(int fd, int operation);
}
