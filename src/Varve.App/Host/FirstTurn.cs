using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.App.Host;

/// <summary>Who makes what the first backup of a user makes, one at a time: scheduled backups of several sources begin together.</summary>
internal static class FirstTurn
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Waits until nobody else of this cache makes a repository, and keeps others from it as long as what is returned is open. Null where
    /// that cannot be had: then whoever comes second hears that another was faster.
    /// </summary>
    internal static IDisposable? Await(string cacheRoot)
    {
        // The lock is on the directory: a file in it would be saved with the home.
        PrivateDirectory? cache = PrivateDirectory.TryOpen(cacheRoot, out _);
        long began = Environment.TickCount64;
        while (cache is not null && Posix.Lock(cache.Fd, Posix.LOCK_EX | Posix.LOCK_NB) == Errno.EAGAIN
            && Environment.TickCount64 - began < s_longest.TotalMilliseconds)
        {
            Gate.Pass(Gate.WaitsForFirst);
            Thread.Sleep(20);
        }

        return cache;
    }
}
