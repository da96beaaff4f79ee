using System.Buffers.Binary;

namespace Varve.Model.Bytes;

/// <summary>
/// Reads the primitives of docs/format.md, 1 from a span. Every read that would pass the end, and every number that does not fit,
/// throws <see cref="ErrorKind.Damaged"/> about <c>what</c>; nothing is allocated. Spans it hands out are slices of the input.
/// </summary>
internal ref struct ByteReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly Subject _what;
    private int _at;

    /// <summary>Starts at the first byte. <paramref name="what"/> is what errors are about.</summary>
    public ByteReader(ReadOnlySpan<byte> bytes, Subject what)
    {
        _bytes = bytes;
        _what = what;
    }

    /// <summary>What is being read.</summary>
    public readonly Subject What => _what;

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => _at;

    /// <summary>Bytes not yet read.</summary>
    public readonly int Remaining => _bytes.Length - _at;

    /// <summary>The next <paramref name="length"/> bytes.</summary>
    public ReadOnlySpan<byte> Take(int length)
    {
        if ((uint)length > (uint)Remaining) { throw Damaged("it ends too soon"); }
        ReadOnlySpan<byte> taken = _bytes.Slice(_at, length);
        _at += length;
        return taken;
    }

    /// <summary>All bytes not yet read.</summary>
    public ReadOnlySpan<byte> Rest() => Take(Remaining);

    /// <summary>One byte.</summary>
    public byte U8()
    {
        if (_at >= _bytes.Length) { throw Damaged("it ends too soon"); }
        return _bytes[_at++];
    }

    /// <summary>64 bits, little-endian.</summary>
    public ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>Unsigned LEB128 of at most 10 bytes.</summary>
    public ulong VarInt()
    {
        if (_at < _bytes.Length && _bytes[_at] < 0x80) { return _bytes[_at++]; }
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            byte b = U8();
            if (shift == 63 && b > 1) { break; }
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) { return value; }
        }

        throw Damaged("a number is too long");
    }

    /// <summary>A varint that fits 32 bits.</summary>
    public uint VarInt32()
    {
        ulong value = VarInt();
        return value <= uint.MaxValue ? (uint)value : throw Damaged("a number is too large");
    }

    /// <summary>A varint that fits a non-negative long.</summary>
    public long VarInt63()
    {
        ulong value = VarInt();
        return value <= long.MaxValue ? (long)value : throw Damaged("a number is too large");
    }

    /// <summary>A signed number in zigzag form.</summary>
    public long SVarInt()
    {
        ulong value = VarInt();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>
    /// A varint number of items that take at least <paramref name="minimum"/> bytes each: more than can follow is damage.
    /// </summary>
    public int Count(int minimum)
    {
        ulong value = VarInt();
        return value <= (ulong)(Remaining / minimum) ? (int)value : throw Damaged("a count is larger than what follows");
    }

    /// <summary>A varint length and that many bytes.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        ulong length = VarInt();
        return length <= (ulong)Remaining ? Take((int)length) : throw Damaged("a length is larger than what follows");
    }

    /// <summary>32 bytes.</summary>
    public Bytes32 Id32() => new(Take(Bytes32.Size));

    /// <summary>Seconds and nanoseconds.</summary>
    public FileTime Time()
    {
        long seconds = SVarInt();
        ulong nanoseconds = VarInt();
        return nanoseconds <= 999_999_999 ? new FileTime(seconds, (int)nanoseconds) : throw Damaged("a time has too many nanoseconds");
    }

    /// <summary>Throws unless everything was read.</summary>
    public readonly void End()
    {
        if (Remaining != 0) { throw Damaged($"{Remaining} bytes follow its end"); }
    }

    /// <summary>The exception to throw for bytes that make no sense.</summary>
    public readonly VarveException Damaged(string how) => VarveException.Damaged(_what, how);
}
