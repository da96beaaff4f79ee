using System.Buffers.Binary;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Packs;

namespace Varve.Lookup;

/// <summary>
/// Offsets and lengths of the tables that the cache keeps of index runs, and the writing of their fixed-width records: a header, packs,
/// blocks, a fence, chunks, the runs that they are of, and what those supersede.
/// </summary>
internal static class RunLayout
{
    internal const int HeaderLength = 32, PackLength = 80, BlockLength = 32, FenceLength = 4, ChunkLength = 48, OriginLength = 96,
        SupersededLength = 32;
    internal const int PacksOffset = 8, BlocksOffset = 12, ChunksOffset = 16, SupersededOffset = 20, FenceBitsOffset = 24,
        OriginsOffset = 28;
    internal const int MaxFenceBits = 24;

    // Within a pack.
    internal const int PackSize = 32, PackKindAt = 40, PackOrigin = 44, PackListed = 48;

    // Within a block.
    internal const int BlockNumber = 4, BlockOffset = 8, BlockStored = 16, BlockRaw = 20, BlockCodec = 24;

    // Within a chunk: the checksum covers all that is before it.
    internal const int ChunkBlock = 32, ChunkOffset = 36, ChunkSize = 40, ChunkSum = 44;

    // Within an origin: the checksum covers all that is before it, and the names of what it supersedes.
    internal const int OriginSigner = 32, OriginSession = 64, OriginState = 80, OriginLevel = 81, OriginSuperseded = 84, OriginSum = 92;

    internal static ReadOnlySpan<byte> Magic => "VRVRUN2\0"u8;

    /// <summary>So many bits that a bucket of the fence has about 16 records (11 to 22).</summary>
    internal static int FenceBits(uint chunks) =>
        chunks < 22 ? 0 : Math.Min(MaxFenceBits, System.Numerics.BitOperations.Log2(chunks / 11));

    /// <summary>The bucket of an id: its first bits as a number.</summary>
    internal static uint Bucket(ulong prefix, int bits) => bits == 0 ? 0 : (uint)(prefix >> (64 - bits));

    internal static long Length(in RunCounts counts, int bits) =>
        HeaderLength + (long)PackLength * counts.Packs + (long)BlockLength * counts.Blocks + FenceLength * ((1L << bits) + 1)
        + (long)ChunkLength * counts.Chunks + (long)OriginLength * counts.Origins + (long)SupersededLength * counts.Superseded;

    /// <summary>The length of the run whose first bytes these are, as far as they can be believed; 0 if they are no run's.</summary>
    internal static long Length(ReadOnlySpan<byte> header)
    {
        if (header.Length < HeaderLength || !header.StartsWith(Magic)) { return 0; }
        uint bits = BinaryPrimitives.ReadUInt32LittleEndian(header[FenceBitsOffset..]);
        return bits > MaxFenceBits ? 0 : Length(ReadCounts(header), (int)bits);
    }

    internal static RunCounts ReadCounts(ReadOnlySpan<byte> header) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(header[PacksOffset..]), BinaryPrimitives.ReadUInt32LittleEndian(header[BlocksOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(header[ChunksOffset..]), BinaryPrimitives.ReadUInt32LittleEndian(header[OriginsOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(header[SupersededOffset..]));

    internal static void WriteHeader(Span<byte> to, in RunCounts counts, int bits)
    {
        to.Clear();
        Magic.CopyTo(to);
        BinaryPrimitives.WriteUInt32LittleEndian(to[PacksOffset..], counts.Packs);
        BinaryPrimitives.WriteUInt32LittleEndian(to[BlocksOffset..], counts.Blocks);
        BinaryPrimitives.WriteUInt32LittleEndian(to[ChunksOffset..], counts.Chunks);
        BinaryPrimitives.WriteUInt32LittleEndian(to[SupersededOffset..], counts.Superseded);
        BinaryPrimitives.WriteUInt32LittleEndian(to[FenceBitsOffset..], (uint)bits);
        BinaryPrimitives.WriteUInt32LittleEndian(to[OriginsOffset..], counts.Origins);
    }

    internal static void WritePack(Span<byte> to, in RunPack pack)
    {
        to.Clear();
        pack.Name.Value.CopyTo(to);
        BinaryPrimitives.WriteUInt64LittleEndian(to[PackSize..], (ulong)pack.Size);
        BinaryPrimitives.WriteUInt32LittleEndian(to[PackKindAt..], (uint)pack.Kind);
        BinaryPrimitives.WriteUInt32LittleEndian(to[PackOrigin..], pack.Origin);
        pack.Listed.CopyTo(to[PackListed..]);
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

    /// <summary>Writes what a table says of its runs, up to its end.</summary>
    internal static void WriteOrigins(RunOutput output, IReadOnlyCollection<RunOrigin> origins)
    {
        Span<byte> record = stackalloc byte[OriginLength];
        foreach (RunOrigin origin in origins)
        {
            record.Clear();
            origin.Run.Value.CopyTo(record);
            origin.Signer.CopyTo(record[OriginSigner..]);
            origin.Session.ToArray().CopyTo(record[OriginSession..]);
            record[OriginState] = (byte)origin.Signature;
            record[OriginLevel] = (byte)(origin.Level ?? 0);
            BinaryPrimitives.WriteUInt32LittleEndian(record[OriginSuperseded..], (uint)origin.Superseded.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(record[OriginSum..], OriginChecksum(record, origin.Superseded));
            record.CopyTo(output.Next(OriginLength));
        }

        foreach (RunOrigin origin in origins)
        {
            foreach (ObjectName run in origin.Superseded) { run.Value.CopyTo(output.Next(SupersededLength)); }
        }
    }

    /// <summary>The checksum of an origin: of its record, and of the names of what it supersedes.</summary>
    internal static uint OriginChecksum(ReadOnlySpan<byte> record, ObjectName[] superseded)
    {
        uint sum = Crc32C.Compute(record[..OriginSum]);
        Span<byte> link = stackalloc byte[sizeof(uint) + SupersededLength];
        foreach (ObjectName run in superseded)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(link, sum);
            run.Value.CopyTo(link[sizeof(uint)..]);
            sum = Crc32C.Compute(link);
        }

        return sum;
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
