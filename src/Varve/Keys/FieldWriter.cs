using System.Security.Cryptography;

namespace Varve.Keys;

/// <summary>Writes the <c>fields</c> of docs/format.md, 1, into one buffer that is never copied, since they are secrets. Not thread-safe.</summary>
internal struct FieldWriter
{
    private readonly byte[] _buffer;
    private int _length;

    internal FieldWriter(int capacity) => _buffer = new byte[capacity];

    /// <summary>Appends a field. Tags ascend.</summary>
    internal void Write(int tag, ReadOnlySpan<byte> value)
    {
        WriteVarint((uint)tag);
        WriteVarint((uint)value.Length);
        value.CopyTo(_buffer.AsSpan(_length));
        _length += value.Length;
    }

    /// <summary>The bytes written; the buffer is zeroed.</summary>
    internal readonly byte[] TakeBytes()
    {
        byte[] bytes = _buffer[.._length];
        CryptographicOperations.ZeroMemory(_buffer);
        return bytes;
    }

    private void WriteVarint(uint value)
    {
        while (value >= 0x80)
        {
            _buffer[_length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _buffer[_length++] = (byte)value;
    }
}
