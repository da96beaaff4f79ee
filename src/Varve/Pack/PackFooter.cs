using System.Buffers.Binary;
using Varve.Model;

namespace Varve.Pack;

/// <summary>The footer's plaintext and the pack's last bytes (docs/format.md, 6): writer and reader. Stateless, thread-safe.</summary>
public static class PackFooter
{
    // The least a block takes: four numbers of a byte each and one chunk. The least a chunk takes: id and a length of a byte.
    private const int MinChunkEntry = Bytes32.Size + 1, MinBlockEntry = 4 + MinChunkEntry;

    /// <summary>Appends the plaintext of the footer of a pack with these blocks.</summary>
    public static void Encode(ByteWriter writer, IReadOnlyList<PackedBlock> blocks)
    {
        writer.VarInt((uint)blocks.Count);
        foreach (PackedBlock block in blocks)
        {
            writer.VarInt(block.StoredLength);
            writer.VarInt(block.RawLength);
            writer.U8((byte)block.Codec);
            writer.VarInt((uint)block.Chunks.Count);
            foreach (PackedChunk chunk in block.Chunks)
            {
                writer.Id32(chunk.Id.Value);
                writer.VarInt(chunk.Length);
            }
        }
    }

    /// <summary>
    /// Decodes the plaintext of the footer of a pack of <paramref name="packSize"/> bytes. Throws <see cref="ErrorKind.Damaged"/> unless
    /// lengths are within the format's limits, chunks add up to their blocks, and the blocks end exactly where the footer begins.
    /// </summary>
    public static PackContents Decode(ReadOnlySpan<byte> plaintext, ObjectName name, PackKind kind, long packSize)
    {
        var reader = new ByteReader(plaintext, $"the footer of {PackHeader.What(name)}");
        long end = packSize - PackLayout.TailLength - PackLayout.SealedFooterLength(plaintext.Length);
        PackedBlock[] blocks = DecodeBlocks(ref reader, end, out long at);
        reader.End();
        if (at != end) { throw reader.Damaged("the blocks do not end where the footer begins"); }
        return new PackContents(name, kind, packSize, blocks);
    }

    /// <summary>The blocks that a footer lists, which must not reach beyond <paramref name="end"/>; <paramref name="at"/> is where they end in the pack.</summary>
    internal static PackedBlock[] DecodeBlocks(ref ByteReader reader, long end, out long at)
    {
        at = PackLayout.HeaderLength;
        var blocks = new PackedBlock[reader.Count(MinBlockEntry)];
        for (int i = 0; i < blocks.Length; i++)
        {
            blocks[i] = DecodeBlock(ref reader);
            at += blocks[i].StoredLength;
            if (at > end) { throw reader.Damaged($"block {i} reaches beyond the pack's blocks"); }
        }

        return blocks;
    }

    /// <summary>
    /// The length of the sealed footer, from a pack's last 12 bytes; the footer ends where they begin. Throws <see cref="ErrorKind.Damaged"/>
    /// if the end magic is missing or the footer does not fit a pack of <paramref name="packSize"/> bytes.
    /// </summary>
    public static int ReadTail(ReadOnlySpan<byte> tail, long packSize, ObjectName name = default)
    {
        if (tail.Length != PackLayout.TailLength || !tail.EndsWith(PackLayout.EndMagic))
        {
            throw PackHeader.Damaged(name, "it does not end as a pack does");
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        long room = packSize - PackLayout.HeaderLength - PackLayout.TailLength;
        if (length > int.MaxValue || length > room || length <= PackLayout.SealedFooterLength(0))
        {
            throw PackHeader.Damaged(name, "its footer's length is impossible");
        }

        return (int)length;
    }

    private static PackedBlock DecodeBlock(ref ByteReader reader)
    {
        uint stored = reader.VarInt32(), raw = reader.VarInt32();
        byte codec = reader.U8();
        if (codec > (byte)Codec.Zstd) { throw reader.Damaged($"a block is of unknown codec {codec}"); }
        if (stored < PackLayout.MinStored || raw > PackLayout.MaxBlock) { throw reader.Damaged("a block's length is out of range"); }
        if (codec == (byte)Codec.Raw && stored != raw + PackLayout.TagLength) { throw reader.Damaged("a raw block's lengths do not match"); }

        var chunks = new PackedChunk[reader.Count(MinChunkEntry)];
        if (chunks.Length == 0) { throw reader.Damaged("a block holds no chunk"); }
        ulong sum = 0;
        for (int i = 0; i < chunks.Length; i++)
        {
            var id = new ChunkId(reader.Id32());
            uint length = reader.VarInt32();
            if (length > PackLayout.MaxChunk) { throw reader.Damaged("a chunk is too long"); }
            sum += length;
            chunks[i] = new PackedChunk(id, length);
        }

        if (sum != raw) { throw reader.Damaged("a block's chunks do not add up to its length"); }
        return new PackedBlock(stored, raw, (Codec)codec, chunks);
    }
}
