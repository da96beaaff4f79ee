using System.Text;

namespace Varve.Platform.Files;

/// <summary>Makes directories that are there after a crash. Stateless, thread-safe.</summary>
internal static class DurableDirectory
{
    /// <summary>
    /// Makes a directory and those above it as far as they are missing, each with mode 0700 whatever the umask, and each durable when this
    /// returns: 0 or an error number.
    /// </summary>
    internal static int Make(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        for (int end = 1; end <= full.Length; end++)
        {
            if (end < full.Length && full[end] != '/') { continue; }
            byte[] directory = Encoding.UTF8.GetBytes(full, 0, end);
            if (Posix.StatAt(Posix.AT_FDCWD, directory, out _, 0) == 0) { continue; }
            int errno = PrivateDirectory.Make(directory);
            if (errno is 0 or Errno.EEXIST)
            {
                string parent = full[..Math.Max(1, full.LastIndexOf('/', end - 1))];
                errno = DurableFile.SyncDirectory(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(parent));
            }

            if (errno != 0) { return errno; }
        }

        return 0;
    }
}
