using System.Buffers.Binary;
using System.Security.Cryptography;
using Varve.Model;
using Varve.Model.Bytes;

namespace Varve.Delta;

/// <summary>
/// The bytes of a signature file. It is local and may be lost, so this may change with any version of the program: the magic says which.
/// <para>Header: magic, u32 cell size, 16 random bytes. Sections, one after the other: u32 cells, u32 extents, the cells (offset in the
/// file in 6 bytes, length - 1 in 2, u32 weak,
/// 16 bytes strong), the extents (u64 offset in the file, u64 length, u32 offset in the chunk, u32 length of the chunk, 32 bytes chunk id;
/// zeros for a hole), seal. Table: for each section u64 position, u64 first cell's and u64 first extent's offset in the file; u64 size of
/// the file; seal; u32 length of the table and its seal; magic.</para>
/// <para>A seal is HMAC-SHA-256, cut to 16 bytes, over the header, the number of the section (all ones for the table) and its bytes: a
/// record that was damaged, or that belongs to another state of the file, is never believed.</para>
/// </summary>
internal static class SignatureFormat
{
    internal const int HeaderLength = 8 + 4 + 16, CellLength = 28, ExtentLength = 56, SealLength = 16, TableEntry = 24, EndLength = 12;
    internal const uint TableNumber = uint.MaxValue;
    internal const int MaxCell = 65536;

    /// <summary>The longest section or table with its seal, in bytes; writers stay far below it.</summary>
    internal const int MostSealed = 64 << 20;

    internal static ReadOnlySpan<byte> Magic => "VARVSIG2"u8;

    internal static void WriteCell(ByteWriter writer, in CellRecord cell)
    {
        Span<byte> place = writer.Reserve(CellLength);
        BinaryPrimitives.WriteUInt64LittleEndian(place, (ulong)cell.Offset | ((ulong)(cell.Length - 1) << 48));
        BinaryPrimitives.WriteUInt32LittleEndian(place[8..], cell.Weak);
        BinaryPrimitives.WriteUInt128LittleEndian(place[12..], cell.Strong);
    }

    internal static CellRecord ReadCell(ReadOnlySpan<byte> from)
    {
        ulong place = BinaryPrimitives.ReadUInt64LittleEndian(from);
        return new CellRecord((long)(place & 0xFFFF_FFFF_FFFF), (int)(place >> 48) + 1, BinaryPrimitives.ReadUInt32LittleEndian(from[8..]),
            BinaryPrimitives.ReadUInt128LittleEndian(from[12..]));
    }

    internal static void WriteExtent(ByteWriter writer, in MappedExtent extent)
    {
        writer.U64((ulong)extent.Offset);
        writer.U64((ulong)extent.Extent.Length);
        writer.U32(extent.Extent.Offset);
        writer.U32(extent.ChunkLength);
        writer.Id32(extent.Extent.Chunk.Value);
    }

    internal static MappedExtent ReadExtent(ReadOnlySpan<byte> from)
    {
        var chunk = new ChunkId(from[24..]);
        long length = BinaryPrimitives.ReadInt64LittleEndian(from[8..]);
        Extent extent = chunk.IsNone ? Extent.Hole(length) : new Extent(chunk, BinaryPrimitives.ReadUInt32LittleEndian(from[16..]), length);
        return new MappedExtent(BinaryPrimitives.ReadInt64LittleEndian(from), extent, BinaryPrimitives.ReadUInt32LittleEndian(from[20..]));
    }

    internal static void Seal(IncrementalHash hash, ReadOnlySpan<byte> header, uint number, ReadOnlySpan<byte> body, Span<byte> seal)
    {
        Span<byte> value = stackalloc byte[HMACSHA256.HashSizeInBytes + 4];
        BinaryPrimitives.WriteUInt32LittleEndian(value, number);
        hash.AppendData(header);
        hash.AppendData(value[..4]);
        hash.AppendData(body);
        hash.GetHashAndReset(value);
        value[..SealLength].CopyTo(seal);
    }

    internal static bool IsSealed(IncrementalHash hash, ReadOnlySpan<byte> header, uint number, ReadOnlySpan<byte> bodyAndSeal)
    {
        Span<byte> seal = stackalloc byte[SealLength];
        Seal(hash, header, number, bodyAndSeal[..^SealLength], seal);
        return CryptographicOperations.FixedTimeEquals(seal, bodyAndSeal[^SealLength..]);
    }
}
