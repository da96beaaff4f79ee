using System.Buffers;
using System.Buffers.Binary;

namespace Varve.Store.Wire;

/// <summary>
/// A request as it is sent: length, type, number, and then what is added here in its order. Each is sent once, which gives its memory back.
/// Not thread-safe.
/// </summary>
internal sealed class SftpRequest
{
    private const int Head = 9;

    private byte[] _bytes;
    private int _length = Head;

    /// <param name="type">Its sort.</param>
    /// <param name="room">How many bytes are added, at a guess.</param>
    internal SftpRequest(SftpType type, int room = 256)
    {
        _bytes = ArrayPool<byte>.Shared.Rent(Head + room);
        _bytes[4] = (byte)type;
    }

    /// <summary>Adds a number of 32 bits.</summary>
    internal SftpRequest U32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Room(4), value);
        return this;
    }

    /// <summary>Adds a number of 64 bits.</summary>
    internal SftpRequest U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(Room(8), value);
        return this;
    }

    /// <summary>Adds bytes behind their number.</summary>
    internal SftpRequest Bytes(ReadOnlySpan<byte> value)
    {
        U32((uint)value.Length);
        value.CopyTo(Room(value.Length));
        return this;
    }

    /// <summary>Adds attributes: permissions alone.</summary>
    internal SftpRequest Permissions(uint mode) => U32(SftpAttributes.HasPermissions).U32(mode);

    /// <summary>The whole packet under a number; valid until <see cref="Return"/>.</summary>
    internal ReadOnlyMemory<byte> Numbered(uint number)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_bytes, (uint)(_length - 4));
        BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(5), number);
        return _bytes.AsMemory(0, _length);
    }

    /// <summary>Gives its memory back.</summary>
    internal void Return() => ArrayPool<byte>.Shared.Return(Interlocked.Exchange(ref _bytes, []));

    private Span<byte> Room(int count)
    {
        if (_bytes.Length - _length < count)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _bytes.Length, _length + count));
            _bytes.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        _length += count;
        return _bytes.AsSpan(_length - count, count);
    }
}
