using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.History.Content;

/// <summary>Tells whether a file of this machine has the bytes of one of a snapshot. Not thread-safe.</summary>
internal sealed class FileEquality(ContentReader content, CancellationToken cancellationToken)
{
    private byte[] _buffer = [];

    /// <summary>
    /// Whether an open file has exactly the content of one of that size with those details; reads up to the first difference. Returns 0 or
    /// the error number of a read.
    /// </summary>
    /// <exception cref="VarveException">Damaged, NotFound: the snapshot's file.</exception>
    internal int Compare(SafeFd file, ReadOnlySpan<byte> details, long size, out bool isSame)
    {
        long at = 0;
        int errno = 0;
        isSame = content.Read(details, size, bytes =>
        {
            errno = HasNext(file, at, bytes, out bool isNext);
            at += bytes.Length;
            return isNext;
        }, cancellationToken);
        // What goes on beyond is another file.
        if (!isSame || errno != 0) { return errno; }
        errno = ReadAt(file, size, 1, out int more);
        isSame = more == 0;
        return errno;
    }

    private int HasNext(SafeFd file, long at, ReadOnlySpan<byte> bytes, out bool isSame)
    {
        isSame = false;
        for (int done = 0; done < bytes.Length;)
        {
            int errno = ReadAt(file, at + done, bytes.Length - done, out int got);
            if (errno != 0 || got == 0 || !_buffer.AsSpan(0, got).SequenceEqual(bytes.Slice(done, got))) { return errno; }
            done += got;
        }

        isSame = true;
        return 0;
    }

    private int ReadAt(SafeFd file, long offset, int length, out int got)
    {
        if (_buffer.Length < length) { _buffer = new byte[length]; }
        return Posix.ReadAt(file.Value, _buffer.AsSpan(0, length), offset, out got);
    }
}
