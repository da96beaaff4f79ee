using System.Diagnostics;

namespace Varve.Platform.Locks;

/// <summary>
/// flock(2) for what takes moments. Whoever holds it may be stopped by a signal, or its machine may sleep, and nobody is to wait for that:
/// after <see cref="Patience"/> one goes on without it. So it keeps apart what usually would meet, and whoever needs more has to notice
/// that it had the lock for long, or not at all. Stateless, thread-safe.
/// </summary>
internal static class BriefLock
{
    /// <summary>How long anybody waits for it.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private const int LongestPause = 20; // milliseconds

    /// <summary>Takes it, as LOCK_EX or LOCK_SH: 0, EAGAIN after that time, or the error number of a file system without locks.</summary>
    internal static int Take(int fd, int how)
    {
        int errno = Posix.Lock(fd, how | Posix.LOCK_NB);
        if (errno != Errno.EAGAIN) { return errno; }
        int pause = 1;
        for (long began = Stopwatch.GetTimestamp(); errno == Errno.EAGAIN && Stopwatch.GetElapsedTime(began) < Patience;)
        {
            Thread.Sleep(pause);
            pause = Math.Min(2 * pause, LongestPause);
            errno = Posix.Lock(fd, how | Posix.LOCK_NB);
        }

        return errno;
    }

    /// <summary>Gives it back.</summary>
    internal static void Release(int fd) => _ = Posix.Lock(fd, Posix.LOCK_UN);
}
