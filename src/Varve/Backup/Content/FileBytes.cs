using Varve.Platform;

namespace Varve.Backup.Content;

/// <summary>Reads the bytes of an open file. Stateless.</summary>
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
}
