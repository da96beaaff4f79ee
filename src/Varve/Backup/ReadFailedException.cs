using Varve.Platform;

namespace Varve.Backup;

/// <summary>
/// Reading a file's content failed in the middle. Thrown from the depth of the cutter to the file's reader, which makes it data: it never leaves the stage.
/// </summary>
internal sealed class ReadFailedException(int errno) : Exception
{
    internal int Errno { get; } = errno;

    /// <summary>
    /// Reads from <paramref name="offset"/> until at least <paramref name="enough"/> bytes are there or the file ends; returns the bytes read. A buffer with room for one more
    /// shows a file that is longer than expected without another call for those that are not.
    /// </summary>
    internal static int ReadFully(int fd, long offset, Span<byte> buffer, int enough)
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
