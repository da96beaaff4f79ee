using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Varve.Model.Bytes;

/// <summary>
/// Writes the primitives of docs/format.md, 1 into a growing buffer that is kept by <see cref="Clear"/>, so that a writer that is
/// reused allocates nothing. Not thread-safe. Spans it hands out are valid until the next write or Clear.
/// </summary>
internal sealed class ByteWriter
{
    private byte[] _buffer;

    /// <summary>Creates it with room for <paramref name="capacity"/> bytes.</summary>
    public ByteWriter(int capacity = 256) => _buffer = new byte[capacity];

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    /// <summary>A copy of what was written.</summary>
    public byte[] ToArray() => Written.ToArray();

    /// <summary>Forgets what was written and keeps the buffer.</summary>
    public void Clear() => Length = 0;

    /// <summary>
    /// Forgets what was written and zeroes the buffer. What was left behind by growing is not reached: give secrets room from the start.
    /// </summary>
    public void Wipe()
    {
        CryptographicOperations.ZeroMemory(_buffer);
        Length = 0;
    }

    /// <summary>The bytes written so far as a stream; valid until the next write.</summary>
    public MemoryStream ToStream() => new(_buffer, 0, Length, writable: false);

    /// <summary>Forgets what was written beyond the first <paramref name="length"/> bytes.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length);
        Length = length;
    }

    /// <summary>Appends <paramref name="length"/> bytes of unspecified content and returns them for filling.</summary>
    public Span<byte> Reserve(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (_buffer.Length - Length < length) { Grow(length); }
        Span<byte> reserved = _buffer.AsSpan(Length, length);
        Length += length;
        return reserved;
    }

    /// <summary>One byte.</summary>
    public void U8(byte value) => Reserve(1)[0] = value;

    /// <summary>Two bytes.</summary>
    public void U16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Reserve(2), value);

    /// <summary>32 bits, little-endian.</summary>
    public void U32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);

    /// <summary>64 bits, little-endian.</summary>
    public void U64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);

    /// <summary>Unsigned LEB128.</summary>
    public void VarInt(ulong value)
    {
        Span<byte> bytes = Reserve(VarIntLength(value));
        for (int i = 0; i < bytes.Length - 1; i++)
        {
            bytes[i] = (byte)(value | 0x80);
            value >>= 7;
        }

        bytes[^1] = (byte)value;
    }

    /// <summary>A signed number in zigzag form.</summary>
    public void SVarInt(long value) => VarInt((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>The bytes as they are.</summary>
    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    /// <summary>
    /// Puts the length of what was written from <paramref name="start"/> on before it, as a varint: the same as <see cref="Bytes"/> of
    /// that.
    /// </summary>
    public void PrefixLength(int start)
    {
        int length = Length - start;
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start, (uint)Length);
        int shift = VarIntLength((ulong)length);
        Reserve(shift);
        _buffer.AsSpan(start, length).CopyTo(_buffer.AsSpan(start + shift));
        int end = Length;
        Length = start;
        VarInt((ulong)length);
        Length = end;
    }

    /// <summary>A varint length and the bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        VarInt((uint)bytes.Length);
        Raw(bytes);
    }

    /// <summary>A text in UTF-8 as <see cref="Bytes"/>.</summary>
    public void Text(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        VarInt((uint)length);
        Encoding.UTF8.GetBytes(text, Reserve(length));
    }

    /// <summary>32 bytes.</summary>
    public void Id32(in Bytes32 id) => id.CopyTo(Reserve(Bytes32.Size));

    /// <summary>Seconds and nanoseconds.</summary>
    public void Time(FileTime time)
    {
        SVarInt(time.Seconds);
        VarInt((uint)time.Nanoseconds);
    }

    /// <summary>A field: tag and value.</summary>
    public void Field(ulong tag, ReadOnlySpan<byte> value)
    {
        VarInt(tag);
        Bytes(value);
    }

    /// <summary>Begins <c>bytes</c> whose length is known when it is written; returns what <see cref="Close"/> needs.</summary>
    public int Open()
    {
        Reserve(1);
        return Length;
    }

    /// <summary>Ends what <see cref="Open"/> began, and puts its length before it.</summary>
    public void Close(int mark)
    {
        int length = Length - mark, extra = VarIntLength((uint)length) - 1;
        if (extra > 0)
        {
            Reserve(extra);
            _buffer.AsSpan(mark, length).CopyTo(_buffer.AsSpan(mark + extra));
        }

        int end = Length;
        Length = mark - 1;
        VarInt((uint)length);
        Length = end;
    }

    /// <summary>Bytes that <see cref="VarInt"/> takes for a value: 1 to 10.</summary>
    public static int VarIntLength(ulong value) => (70 - System.Numerics.BitOperations.LeadingZeroCount(value | 1)) / 7;

    private void Grow(int length)
    {
        long needed = (long)Length + length;
        Array.Resize(ref _buffer, checked((int)Math.Max(needed, Math.Min(2L * _buffer.Length, Array.MaxLength))));
    }
}
