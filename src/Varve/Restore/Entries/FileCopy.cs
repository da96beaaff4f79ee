using System.Buffers;
using Varve.Platform;

namespace Varve.Restore.Entries;

/// <summary>Copies content between open files, at the same place in both. Returns error numbers. Stateless.</summary>
internal static class FileCopy
{
    private const int Step = 1 << 20;

    /// <summary>A part. What ends too early is an error.</summary>
    internal static int Range(SafeFd from, SafeFd to, long offset, long length)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(Step, Math.Max(length, 1)));
        try
        {
            while (length > 0)
            {
                int error = Posix.ReadAt(from.Value, buffer.AsSpan(0, (int)Math.Min(buffer.Length, length)), offset, out int read);
                if (error == 0 && read == 0) { error = Errno.EIO; }
                if (error == 0) { error = Posix.WriteAllAt(to.Value, buffer.AsSpan(0, read), offset); }
                if (error != 0) { return error; }
                (offset, length) = (offset + read, length - read);
            }

            return 0;
        }
        finally { ArrayPool<byte>.Shared.Return(buffer); }
    }

    /// <summary>All of it, as a clone where there are such; holes stay holes.</summary>
    internal static int Whole(SafeFd from, SafeFd to, long size)
    {
        if (Posix.Clone(to.Value, from.Value) == 0) { return Posix.SetLength(to.Value, size); }
        int error = Posix.SetLength(to.Value, 0);
        if (error == 0) { error = Posix.SetLength(to.Value, size); }
        for (long at = 0; error == 0 && at < size;)
        {
            int found = Posix.SeekData(from.Value, at, out long data);
            if (found == Errno.ENXIO) { break; }
            if (found != 0 || Posix.SeekHole(from.Value, data, out long hole) != 0) { (data, hole) = (at, size); }
            error = Range(from, to, data, hole - data);
            at = hole;
        }

        return error;
    }

    /// <summary>Zeros.</summary>
    internal static int Zero(SafeFd file, long offset, long length)
    {
        byte[] zeros = new byte[(int)Math.Min(Step, length)];
        int error = 0;
        for (; length > 0 && error == 0; length -= Math.Min(length, zeros.Length))
        {
            error = Posix.WriteAllAt(file.Value, zeros.AsSpan(0, (int)Math.Min(length, zeros.Length)), offset);
            offset += zeros.Length;
        }

        return error;
    }
}
