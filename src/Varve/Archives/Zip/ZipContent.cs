using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using Varve.Model;

namespace Varve.Archives.Zip;

/// <summary>
/// The content of an entry, compared with what is said of it: its local header, its size and its CRC. Nothing of it is more than it says.
/// One thread.
/// </summary>
internal sealed class ZipContent : IDisposable
{
    private const ushort BindingFlags = ZipLayout.FlagEncrypted | ZipLayout.FlagDescriptor;

    /// <summary>Entries that are no longer than this are read at once, with their header.</summary>
    private const int MostAtOnce = 1 << 20;

    /// <summary>What a local header may have besides its name, where nothing tells.</summary>
    private const int UsualExtra = 256;

    private readonly ZipEntry _entry;
    private readonly Stream _stream;
    private readonly Crc32 _crc = new();
    private long _done;

    private ZipContent(ZipEntry entry, Stream stream) => (_entry, _stream) = (entry, stream);

    /// <summary>Opens it.</summary>
    /// <param name="file">The archive.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="buffer">Room for a short one, which is made as it is needed; in use until the content is disposed of.</param>
    /// <exception cref="VarveException">Damaged: the local header says otherwise.</exception>
    internal static ZipContent Open(IRandomBytes file, ZipEntry entry, ref byte[] buffer)
    {
        int headLength = ZipLayout.LocalLength + entry.RawPath.Length;
        long wanted = Math.Min(entry.Limit - entry.Start, headLength + UsualExtra + entry.Packed);
        int read = (int)(wanted <= MostAtOnce ? Math.Max(wanted, headLength) : headLength);
        if (buffer.Length < read) { buffer = GC.AllocateUninitializedArray<byte>(Math.Max(read, 64 << 10)); }
        byte[] bytes = buffer;
        file.Read(entry.Start, bytes.AsSpan(0, read));
        ReadOnlySpan<byte> header = bytes.AsSpan(0, headLength);
        bool hasDescriptor = (entry.Flags & ZipLayout.FlagDescriptor) != 0;
        int extra = BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        uint crc = U32(header, 14), packed = U32(header, 18), size = U32(header, 22);
        bool isSame = U32(header, 0) == ZipLayout.LocalSignature
            && BinaryPrimitives.ReadUInt16LittleEndian(header[8..]) == entry.Method
            && ((BinaryPrimitives.ReadUInt16LittleEndian(header[6..]) ^ entry.Flags) & BindingFlags) == 0
            && BinaryPrimitives.ReadUInt16LittleEndian(header[26..]) == entry.RawPath.Length
            && header[ZipLayout.LocalLength..].SequenceEqual(entry.RawPath)
            && (hasDescriptor || (crc == entry.Crc && (packed == ZipLayout.Max32 || packed == entry.Packed)
            && (size == ZipLayout.Max32 || size == entry.Stat.Size)));
        long data = entry.Start + headLength + extra;
        if (!isSame || entry.Packed > entry.Limit - data) { throw Damaged("its local header says otherwise than the directory"); }
        bool isStored = entry.Method == ZipLayout.Stored;
        if (isStored && entry.Packed != entry.Stat.Size) { throw Damaged("it is stored, and has two sizes"); }
        bool isHere = headLength + extra + entry.Packed <= read;
        Stream packedBytes = isHere ? new MemoryStream(bytes, headLength + extra, (int)entry.Packed, writable: false)
            : new ByteSlice(file, data, entry.Packed);
        return new ZipContent(entry, isStored ? packedBytes : new DeflateStream(packedBytes, CompressionMode.Decompress));

        static uint U32(ReadOnlySpan<byte> header, int at) => BinaryPrimitives.ReadUInt32LittleEndian(header[at..]);
    }

    /// <summary>The next bytes; none at the end, which is where it should be then, with the CRC that it should have.</summary>
    /// <exception cref="VarveException">Damaged.</exception>
    internal int Read(Span<byte> into)
    {
        int read;
        try { read = _stream.Read(into); }
        catch (InvalidDataException) { throw Damaged("its content cannot be unpacked"); }
        _crc.Append(into[..read]);
        _done += read;
        if (_done > _entry.Stat.Size) { throw Damaged("it is longer than it says"); }
        bool isWrong = read == 0 && !into.IsEmpty && (_done != _entry.Stat.Size || _crc.GetCurrentHashAsUInt32() != _entry.Crc);
        return isWrong ? throw Damaged("its content is not what it was: its CRC or size is another") : read;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static VarveException Damaged(string how) => VarveException.Damaged(Subject.None, how);
}
