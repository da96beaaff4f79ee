using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Varve.Model;

/// <summary>32 bytes as a value: the common shape of ids and names. Ordered as unsigned bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct Bytes32 : IEquatable<Bytes32>, IComparable<Bytes32>
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 32;

    // Big-endian words, so that comparing words compares bytes.
    private readonly ulong _a, _b, _c, _d;

    /// <summary>Copies the first 32 bytes of <paramref name="source"/>.</summary>
    public Bytes32(ReadOnlySpan<byte> source)
    {
        _a = BinaryPrimitives.ReadUInt64BigEndian(source);
        _b = BinaryPrimitives.ReadUInt64BigEndian(source[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(source[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(source[24..]);
    }

    /// <summary>The first 64 bits, most significant first: what fences and hash tables use.</summary>
    public ulong Prefix => _a;

    /// <summary>True for 32 zero bytes, which stand for "none".</summary>
    public bool IsZero => (_a | _b | _c | _d) == 0;

    /// <summary>Writes the 32 bytes to <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _d);
    }

    /// <summary>A new array of the 32 bytes.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Parses 64 hexadecimal digits; false for anything else.</summary>
    public static bool TryParseHex(ReadOnlySpan<char> hex, out Bytes32 value)
    {
        Span<byte> bytes = stackalloc byte[Size];
        value = default;
        if (hex.Length != 2 * Size || Convert.FromHexString(hex, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        value = new Bytes32(bytes);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(Bytes32 other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Bytes32 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)(_a ^ (_a >> 32));

    /// <inheritdoc/>
    public int CompareTo(Bytes32 other)
    {
        int c = _a.CompareTo(other._a);
        if (c == 0) { c = _b.CompareTo(other._b); }
        if (c == 0) { c = _c.CompareTo(other._c); }
        return c != 0 ? c : _d.CompareTo(other._d);
    }

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>Equality of all 32 bytes; not constant-time, so not for secrets.</summary>
    public static bool operator ==(Bytes32 left, Bytes32 right) => left.Equals(right);

    /// <summary>Inequality.</summary>
    public static bool operator !=(Bytes32 left, Bytes32 right) => !left.Equals(right);
}
