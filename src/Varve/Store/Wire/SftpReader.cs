using System.Buffers.Binary;

namespace Varve.Store.Wire;

/// <summary>
/// Reads an answer from its beginning on. What is cut short is an <see cref="IOException"/>: the line is of no use any more.
/// </summary>
internal ref struct SftpReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Whether all is read.</summary>
    internal readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>A number of 32 bits.</summary>
    internal uint U32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    /// <summary>A number of 64 bits.</summary>
    internal ulong U64() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

    /// <summary>Bytes behind their number.</summary>
    internal ReadOnlySpan<byte> Bytes()
    {
        uint length = U32();
        return length <= (uint)_rest.Length ? Take((int)length) : throw Short();
    }

    /// <summary>Attributes of a file.</summary>
    internal SftpAttributes Attributes()
    {
        uint flags = U32();
        ulong? size = (flags & SftpAttributes.HasSize) != 0 ? U64() : null;
        if ((flags & SftpAttributes.HasOwner) != 0) { Take(8); }
        uint? mode = (flags & SftpAttributes.HasPermissions) != 0 ? U32() : null;
        uint? modified = null;
        if ((flags & SftpAttributes.HasTimes) != 0)
        {
            U32();
            modified = U32();
        }

        if ((flags & SftpAttributes.HasMore) != 0)
        {
            for (uint left = U32(); left > 0; left--)
            {
                Bytes();
                Bytes();
            }
        }

        return new SftpAttributes(size, mode, modified);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_rest.Length < count) { throw Short(); }
        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private static IOException Short() => new("an answer of the SFTP server is cut short");
}
