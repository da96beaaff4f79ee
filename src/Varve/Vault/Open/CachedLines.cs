using System.Text;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.Vault.Open;

/// <summary>
/// A short list in a file of a repository's cache, the latest first. It is believed only if the cache is for this user alone; losing it
/// costs time or a word of advice. Stateless, thread-safe.
/// </summary>
internal static class CachedLines
{
    /// <summary>Bytes of such a file at most.</summary>
    internal const int Longest = 4 << 20;

    /// <summary>The lines; none if the cache has no such file, or is not to be believed.</summary>
    internal static List<string> Read(string cacheDirectory, string name)
    {
        using PrivateDirectory? directory = PrivateDirectory.OpenExisting(cacheDirectory);
        if (directory is null) { return []; }
        const int flags = Posix.O_RDONLY | Posix.O_NONBLOCK;
        if (Posix.OpenAt(directory.Fd, Encoding.ASCII.GetBytes(name), flags, out SafeFd file) != 0) { return []; }
        byte[] bytes = [];
        int length = 0;
        if (Posix.Stat(file.Value, out EntryStat stat) == 0)
        {
            bytes = new byte[Math.Min(stat.Size, Longest)];
            _ = Posix.ReadAt(file.Value, bytes, 0, out length);
        }

        file.Close();
        return [.. Encoding.UTF8.GetString(bytes, 0, length).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <summary>Replaces the file by as many of the lines, from the first, as are read again. What cannot be kept is not.</summary>
    internal static void Write(string cacheDirectory, string name, IEnumerable<string> lines)
    {
        using PrivateDirectory? directory = PrivateDirectory.TryOpen(cacheDirectory, out _);
        if (directory is null) { return; }
        try
        {
            directory.Replace(name, file =>
            {
                foreach (string line in lines)
                {
                    byte[] bytes = Encoding.UTF8.GetBytes(line + "\n");
                    if (file.Position + bytes.Length > Longest) { break; }
                    file.Write(bytes);
                }
            });
        }
        catch (IOException)
        {
            // A full disk, for one.
        }
    }
}
