using System.Buffers.Binary;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Packs;

namespace Varve.Lookup;

/// <summary>Offsets and lengths of index runs (docs/format.md, 7), and the writing of their fixed-width records.</summary>
internal static class RunLayout
{
    internal const int HeaderLength = 32, PackLength = 48, BlockLength = 32, FenceLength = 4, ChunkLength = 48, SupersededLength = 32;
    internal const int PacksOffset = 8, BlocksOffset = 12, ChunksOffset = 16, SupersededOffset = 20, FenceBitsOffset = 24, ZeroOffset = 28;
    internal const int MaxFenceBits = 24;

    // Within a pack.
    internal const int PackSize = 32, PackKindAt = 40;

    // Within a block.
    internal const int BlockNumber = 4, BlockOffset = 8, BlockStored = 16, BlockRaw = 20, BlockCodec = 24;

    // Within a chunk: the checksum covers all that is before it.
    internal const int ChunkBlock = 32, ChunkOffset = 36, ChunkSize = 40, ChunkSum = 44;

    internal static ReadOnlySpan<byte> Magic => "VRVRUN1\0"u8;

    /// <summary>So many bits that a bucket of the fence has about 16 records (11 to 22).</summary>
    internal static int FenceBits(uint chunks) =>
        chunks < 22 ? 0 : Math.Min(MaxFenceBits, System.Numerics.BitOperations.Log2(chunks / 11));

    /// <summary>The bucket of an id: its first bits as a number.</summary>
    internal static uint Bucket(ulong prefix, int bits) => bits == 0 ? 0 : (uint)(prefix >> (64 - bits));

    internal static long Length(uint packs, uint blocks, uint chunks, uint superseded, int bits) =>
        HeaderLength + (long)PackLength * packs + (long)BlockLength * blocks + FenceLength * ((1L << bits) + 1)
        + (long)ChunkLength * chunks + (long)SupersededLength * superseded;

    /// <summary>The length of the run whose first bytes these are, as far as they can be believed; 0 if they are no run's.</summary>
    internal static long Length(ReadOnlySpan<byte> header)
    {
        if (header.Length < HeaderLength || !header.StartsWith(Magic)) { return 0; }
        uint bits = BinaryPrimitives.ReadUInt32LittleEndian(header[FenceBitsOffset..]);
        return bits > MaxFenceBits ? 0 : Length(
            BinaryPrimitives.ReadUInt32LittleEndian(header[PacksOffset..]), BinaryPrimitives.ReadUInt32LittleEndian(header[BlocksOffset..]),
            BinaryPrimitives.ReadUInt32LittleEndian(header[ChunksOffset..]),
            BinaryPrimitives.ReadUInt32LittleEndian(header[SupersededOffset..]), (int)bits);
    }

    internal static void WriteHeader(Span<byte> to, uint packs, uint blocks, uint chunks, uint superseded, int bits)
    {
        to.Clear();
        Magic.CopyTo(to);
        BinaryPrimitives.WriteUInt32LittleEndian(to[PacksOffset..], packs);
        BinaryPrimitives.WriteUInt32LittleEndian(to[BlocksOffset..], blocks);
        BinaryPrimitives.WriteUInt32LittleEndian(to[ChunksOffset..], chunks);
        BinaryPrimitives.WriteUInt32LittleEndian(to[SupersededOffset..], superseded);
        BinaryPrimitives.WriteUInt32LittleEndian(to[FenceBitsOffset..], (uint)bits);
    }

    internal static void WritePack(Span<byte> to, in RunPack pack)
    {
        to.Clear();
        pack.Name.Value.CopyTo(to);
        BinaryPrimitives.WriteUInt64LittleEndian(to[PackSize..], (ulong)pack.Size);
        BinaryPrimitives.WriteUInt32LittleEndian(to[PackKindAt..], (uint)pack.Kind);
    }

    internal static void WriteBlock(Span<byte> to, in RunBlock block)
    {
        to.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(to, block.Pack);
        BinaryPrimitives.WriteUInt32LittleEndian(to[BlockNumber..], block.Number);
        BinaryPrimitives.WriteUInt64LittleEndian(to[BlockOffset..], (ulong)block.Offset);
        BinaryPrimitives.WriteUInt32LittleEndian(to[BlockStored..], block.StoredLength);
        BinaryPrimitives.WriteUInt32LittleEndian(to[BlockRaw..], block.RawLength);
        BinaryPrimitives.WriteUInt32LittleEndian(to[BlockCodec..], (uint)block.Codec);
    }

    internal static void WriteChunk(Span<byte> to, in RunChunk chunk)
    {
        chunk.Id.Value.CopyTo(to);
        BinaryPrimitives.WriteUInt32LittleEndian(to[ChunkBlock..], chunk.Block);
        BinaryPrimitives.WriteUInt32LittleEndian(to[ChunkOffset..], chunk.Offset);
        BinaryPrimitives.WriteUInt32LittleEndian(to[ChunkSize..], chunk.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(to[ChunkSum..], Crc32C.Compute(to[..ChunkSum]));
    }

    internal static RunBlock ReadBlock(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(from),
        BinaryPrimitives.ReadUInt32LittleEndian(from[BlockNumber..]),
        (long)BinaryPrimitives.ReadUInt64LittleEndian(from[BlockOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(from[BlockStored..]),
        BinaryPrimitives.ReadUInt32LittleEndian(from[BlockRaw..]),
        (Codec)BinaryPrimitives.ReadUInt32LittleEndian(from[BlockCodec..]));

    internal static RunChunk ReadChunk(ReadOnlySpan<byte> from) => new(
        new ChunkId(from),
        BinaryPrimitives.ReadUInt32LittleEndian(from[ChunkBlock..]),
        BinaryPrimitives.ReadUInt32LittleEndian(from[ChunkOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(from[ChunkSize..]));

    internal static bool IsIntact(ReadOnlySpan<byte> chunk) =>
        Crc32C.Compute(chunk[..ChunkSum]) == BinaryPrimitives.ReadUInt32LittleEndian(chunk[ChunkSum..]);
}
