using System.Buffers.Binary;

namespace Varve.Model.Snapshots;

/// <summary>The id of a session: 16 random bytes, 32 lower-case hexadecimal digits in the name of its object; zero for none.</summary>
internal readonly record struct SessionId
{
    /// <summary>Length in bytes.</summary>
    internal const int Size = 16;

    // No UInt128: whatever has one in it is not compiled ahead, and costs each start milliseconds.
    private readonly ulong _high, _low;

    /// <summary>Copies the first 16 bytes.</summary>
    internal SessionId(ReadOnlySpan<byte> bytes) =>
        (_high, _low) = (BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    /// <summary>A new one.</summary>
    internal static SessionId Create() => new(System.Security.Cryptography.RandomNumberGenerator.GetBytes(Size));

    /// <summary>A new array of the 16 bytes.</summary>
    internal byte[] ToArray()
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), _low);
        return bytes;
    }

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToArray());
}
