using System.Buffers.Binary;
using System.IO.Compression;
using Varve.Archives.Codec;
using Varve.Model;

namespace Varve.Archives.Zip;

/// <summary>
/// The content of an entry, compared with what is said of it: its local header, its size and its CRC. Nothing of it is more than it says.
/// One thread.
/// </summary>
internal sealed class ZipContent : IDisposable
{
    private const ushort BindingFlags = ZipLayout.FlagEncrypted | ZipLayout.FlagDescriptor;

    private readonly ZipEntry _entry;
    private readonly Stream _stream;
    private uint _crc;
    private long _done;

    private ZipContent(ZipEntry entry, Stream stream) => (_entry, _stream) = (entry, stream);

    /// <summary>Opens it.</summary>
    /// <exception cref="VarveException">Damaged: the local header says otherwise.</exception>
    internal static ZipContent Open(IRandomBytes file, ZipEntry entry)
    {
        var header = new byte[ZipLayout.LocalLength + entry.RawPath.Length];
        file.Read(entry.Start, header);
        bool hasDescriptor = (entry.Flags & ZipLayout.FlagDescriptor) != 0;
        int extra = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28));
        uint crc = U32(14), packed = U32(18), size = U32(22);
        bool isSame = U32(0) == ZipLayout.LocalSignature
            && BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(8)) == entry.Method
            && ((BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(6)) ^ entry.Flags) & BindingFlags) == 0
            && BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(26)) == entry.RawPath.Length
            && header.AsSpan(ZipLayout.LocalLength).SequenceEqual(entry.RawPath)
            && (hasDescriptor || (crc == entry.Crc && (packed == ZipLayout.Max32 || packed == entry.Packed)
            && (size == ZipLayout.Max32 || size == entry.Stat.Size)));
        long data = entry.Start + header.Length + extra;
        if (!isSame || entry.Packed > entry.Limit - data) { throw Damaged("its local header says otherwise than the directory"); }
        bool isStored = entry.Method == ZipLayout.Stored;
        if (isStored && entry.Packed != entry.Stat.Size) { throw Damaged("it is stored, and has two sizes"); }
        var slice = new ByteSlice(file, data, entry.Packed);
        return new ZipContent(entry, isStored ? slice : new DeflateStream(slice, CompressionMode.Decompress));

        uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(at));
    }

    /// <summary>The next bytes; none at the end, which is where it should be then, with the CRC that it should have.</summary>
    /// <exception cref="VarveException">Damaged.</exception>
    internal int Read(Span<byte> into)
    {
        int read;
        try { read = _stream.Read(into); }
        catch (InvalidDataException) { throw Damaged("its content cannot be unpacked"); }
        _crc = Crc32.Append(_crc, into[..read]);
        _done += read;
        if (_done > _entry.Stat.Size) { throw Damaged("it is longer than it says"); }
        bool isWrong = read == 0 && !into.IsEmpty && (_done != _entry.Stat.Size || _crc != _entry.Crc);
        return isWrong ? throw Damaged("its content is not what it was: its CRC or size is another") : read;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static VarveException Damaged(string how) => VarveException.Damaged(Subject.None, how);
}
