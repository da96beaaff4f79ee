using Varve.Model;
using Varve.Platform;

namespace Varve.Backup.Content;

/// <summary>Reads the bytes of an open file, and its stat. Stateless.</summary>
internal static class FileBytes
{
    /// <summary>
    /// Reads from <paramref name="offset"/> until at least <paramref name="enough"/> bytes are there or the file ends; returns the bytes
    /// read. A buffer with room for one more shows a file that is longer than expected without another call for those that are not.
    /// </summary>
    /// <exception cref="ReadFailedException">The system says that it cannot be read.</exception>
    internal static int Read(int fd, long offset, Span<byte> buffer, int enough)
    {
        int total = 0;
        while (total < enough)
        {
            int errno = Posix.ReadAt(fd, buffer[total..], offset + total, out int read);
            if (errno != 0) { throw new ReadFailedException(errno); }
            if (read == 0) { break; }
            total += read;
        }

        return total;
    }

    /// <summary>Whether there is anything at <paramref name="end"/>, where the file is said to end.</summary>
    /// <exception cref="ReadFailedException">The system says that it cannot be read.</exception>
    internal static bool GoesOn(int fd, long end)
    {
        // Nothing can lie behind the end of the longest file there is, and the system refuses to look.
        if (end == long.MaxValue) { return false; }
        Span<byte> one = stackalloc byte[1];
        return Read(fd, end, one, 1) > 0;
    }

    /// <summary>What the system says about the open file.</summary>
    /// <exception cref="ReadFailedException">It says nothing.</exception>
    internal static void Stat(int fd, out EntryStat stat)
    {
        if (Posix.Stat(fd, out stat) is not 0 and var errno) { throw new ReadFailedException(errno); }
    }
}
