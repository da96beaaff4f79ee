using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Varve.Model;

/// <summary>The 16 random bytes that name a repository and are bound into everything it seals.</summary>
/// <remarks>Two words rather than a UInt128: code that touches one is not compiled ahead of time, and start-up would pay for it.</remarks>
internal readonly record struct RepositoryId(ulong High, ulong Low)
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 16;

    /// <summary>Reads 16 bytes, first byte most significant.</summary>
    public RepositoryId(ReadOnlySpan<byte> source)
        : this(BinaryPrimitives.ReadUInt64BigEndian(source), BinaryPrimitives.ReadUInt64BigEndian(source[8..])) { }

    /// <summary>A new random id.</summary>
    public static RepositoryId Create() => new(RandomNumberGenerator.GetBytes(Size));

    /// <summary>Writes the 16 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
    }

    /// <summary>A new array of the 16 bytes.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Parses 32 hexadecimal digits; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out RepositoryId id)
    {
        Span<byte> bytes = stackalloc byte[Size];
        id = default;
        if (hex.Length != 2 * Size || Convert.FromHexString(hex, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        id = new RepositoryId(bytes);
        return true;
    }

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToArray());
}
