using System.Text;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.App.Host;

/// <summary>Who makes what the first backup of a user makes, one at a time: scheduled backups of several sources begin together.</summary>
internal static class FirstTurn
{
    private static readonly byte[] s_name = Encoding.UTF8.GetBytes("first.lock");
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Waits until nobody else of this cache makes a repository, and keeps others from it as long as what is returned is open. Null where
    /// that cannot be had: then whoever comes second hears that another was faster.
    /// </summary>
    internal static FileLock? Await(string cacheRoot)
    {
        using PrivateDirectory? cache = PrivateDirectory.TryOpen(cacheRoot, out _);
        if (cache is null) { return null; }
        long began = Environment.TickCount64;
        while (true)
        {
            int errno = FileLock.TryTake(cache.Fd, s_name, out FileLock? taken);
            if (errno != Errno.EAGAIN || Environment.TickCount64 - began >= s_longest.TotalMilliseconds) { return taken; }
            Gate.Pass(Gate.WaitsForFirst);
            Thread.Sleep(20);
        }
    }
}
