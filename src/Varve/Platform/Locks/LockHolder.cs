using System.Globalization;
using System.Text;
using Varve.Model;

namespace Varve.Platform.Locks;

/// <summary>Who holds a lock of another's making, for messages (proc_locks(5)).</summary>
internal static class LockHolder
{
    /// <summary>
    /// The process that holds byte <paramref name="offset"/> of a file for writing, by a lock of fcntl(2); 0 if nobody does, or it cannot
    /// be told: it may be on another machine, or in another container. Opens nothing: a process that closes a file loses its locks on it.
    /// </summary>
    internal static int Of(string path, long offset)
    {
        try
        {
            if (InodeOf(path) is not { } inode) { return 0; }
            foreach (string line in File.ReadLines("/proc/locks"))
            {
                // 1: POSIX  ADVISORY  WRITE 1234 fe:00:5678 120 120
                string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (words is not [_, "POSIX", _, "WRITE", var process, var file, var first, var last]) { continue; }
                if (!file.EndsWith(':' + inode, StringComparison.Ordinal) || Number(first) > offset) { continue; }
                if (last != "EOF" && Number(last) < offset) { continue; }
                return (int)Math.Max(0, Number(process));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { /* then it is not told */ }

        return 0;
    }

    private static string? InodeOf(string path)
    {
        int errno = Posix.StatAt(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(path), out EntryStat stat);
        return errno == 0 ? stat.Inode.ToString(CultureInfo.InvariantCulture) : null;
    }

    private static long Number(string text) => long.TryParse(text, CultureInfo.InvariantCulture, out long number) ? number : -1;
}
