using System.Buffers.Binary;
using Varve.Model;

namespace Varve.Platform;

/// <summary>
/// Reads the names of a directory with getdents64, 128 KiB at a time, without allocating. One per thread; reuse it. The descriptor's
/// position is used, so one directory must not be read through one descriptor by two readers at once.
/// </summary>
internal sealed class DirectoryReader
{
    private const int BufferSize = 128 << 10;
    private const int HeaderSize = 19; // d_ino u64, d_off u64, d_reclen u16, d_type u8, then the name and a NUL

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
    private int _fd = -1;
    private int _position;
    private int _length;

    /// <summary>
    /// How often the system was asked since the beginning. It gives the names of one moment each time: more than two, the last of which
    /// says that there are no more, may be of several.
    /// </summary>
    public int Calls { get; private set; }

    /// <summary>Starts at the beginning of the directory <paramref name="fd"/>; 0, or an error number.</summary>
    public int Begin(int fd)
    {
        _fd = fd;
        Calls = 0;
        _position = _length = 0;
        return Posix.Rewind(fd);
    }

    /// <summary>
    /// The next name but <c>.</c> and <c>..</c>: true with <paramref name="errno"/> 0. False at the end with 0, or with the error that cut
    /// the listing short. A name may come twice if the directory changes meanwhile. <paramref name="kind"/> is None where the file system
    /// does not tell; <paramref name="name"/> is valid until the next call.
    /// </summary>
    public bool Next(out ReadOnlySpan<byte> name, out ulong inode, out EntryKind kind, out int errno)
    {
        name = default;
        inode = 0;
        kind = EntryKind.None;
        while (true)
        {
            if (_position == _length && !Fill(out errno)) { return false; }
            ReadOnlySpan<byte> record = _buffer.AsSpan(_position, _length - _position);
            int length = record.Length < HeaderSize ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(record[16..]);
            if (length <= HeaderSize || length > record.Length)
            {
                errno = Errno.EIO;
                return false;
            }

            _position += length;
            name = record[HeaderSize..length];
            int end = name.IndexOf((byte)0);
            name = end < 0 ? name : name[..end];
            if (name.Length == 0 || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8)) { continue; }
            inode = BinaryPrimitives.ReadUInt64LittleEndian(record);
            kind = Posix.KindOf(record[18]);
            errno = 0;
            return true;
        }
    }

    private bool Fill(out int errno)
    {
        Calls++;
        errno = Posix.ReadDirectory(_fd, _buffer, out _length);
        _position = 0;
        return _length > 0;
    }
}
