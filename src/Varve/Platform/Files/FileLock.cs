namespace Varve.Platform.Files;

/// <summary>
/// An advisory lock on a file that is there for nothing else; the kernel drops it when the process ends, however it ends. The file stays.
/// Not thread-safe.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private SafeFd _file;

    private FileLock(SafeFd file) => _file = file;

    /// <summary>Takes the lock, and makes its file if it is missing: 0, EAGAIN if another holds it, or an error number.</summary>
    internal static int TryTake(int directory, ReadOnlySpan<byte> name, out FileLock? taken) =>
        TryTake(directory, name, Posix.LOCK_EX, out taken);

    /// <summary>The same, and waits while another holds it: EAGAIN after that time, or <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
    internal static int Await(int directory, ReadOnlySpan<byte> name, TimeSpan longest, out FileLock? taken)
    {
        long began = Environment.TickCount64;
        while (true)
        {
            int errno = TryTake(directory, name, out taken);
            bool isOver = longest >= TimeSpan.Zero && Environment.TickCount64 - began >= longest.TotalMilliseconds;
            if (errno != Errno.EAGAIN || isOver) { return errno; }
            Thread.Sleep(5);
        }
    }

    /// <summary>Takes it as any number may hold it at a time, without waiting; EAGAIN if one holds it alone.</summary>
    internal static int TryShare(int directory, ReadOnlySpan<byte> name, out FileLock? taken) =>
        TryTake(directory, name, Posix.LOCK_SH, out taken);

    private static int TryTake(int directory, ReadOnlySpan<byte> name, int how, out FileLock? taken)
    {
        taken = null;
        int errno = Posix.OpenAt(directory, name, Posix.O_RDWR | Posix.O_CREAT | Posix.O_NOFOLLOW, Modes.PrivateFile, out SafeFd file);
        if (errno != 0) { return errno; }
        errno = Posix.Lock(file.Value, how | Posix.LOCK_NB);
        // A file system without locks keeps nobody apart; it is no reason not to work.
        if (errno is 0 or Errno.ENOTSUP or Errno.ENOSYS)
        {
            taken = new FileLock(file);
            return 0;
        }
        file.Close();
        return errno;
    }

    /// <summary>Writes into the lock's file, for those who find it taken, in the place of what is in it: 0 or an error number.</summary>
    internal int Note(ReadOnlySpan<byte> text)
    {
        int errno = Posix.SetLength(_file.Value, 0);
        return errno != 0 ? errno : Posix.WriteAllAt(_file.Value, text, 0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // By name, not only by closing: a child that was forked just now holds a copy of the descriptor until it is the program it is to
        // be.
        if (_file.IsOpen) { _ = Posix.Lock(_file.Value, Posix.LOCK_UN); }
        _file.Close();
        _file = default;
    }
}
