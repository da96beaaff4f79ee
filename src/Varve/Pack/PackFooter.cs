using System.Buffers.Binary;
using Varve.Format;
using Varve.Model.Bytes;
using Varve.Model.Packs;

namespace Varve.Pack;

/// <summary>The footer's plaintext and the pack's last bytes (docs/format.md, 6): writer and reader. Stateless, thread-safe.</summary>
internal static class PackFooter
{
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
    /// Decodes the plaintext of the footer of a pack of <paramref name="packSize"/> bytes; throws what <see cref="FooterCursor"/> throws.
    /// </summary>
    public static PackContents Decode(ReadOnlySpan<byte> plaintext, ObjectName name, PackKind kind, long packSize)
    {
        var cursor = new FooterCursor(plaintext, packSize);
        var blocks = new PackedBlock[cursor.BlockCount];
        for (int i = 0; cursor.NextBlock(); i++)
        {
            var chunks = new PackedChunk[cursor.ChunkCount];
            for (int k = 0; cursor.NextChunk(); k++) { chunks[k] = cursor.Chunk; }
            blocks[i] = new PackedBlock(cursor.StoredLength, cursor.RawLength, cursor.Codec, chunks);
        }

        return new PackContents(name, kind, packSize, blocks);
    }

    /// <summary>
    /// The length of the sealed footer, from a pack's last 12 bytes; the footer ends where they begin. Throws
    /// <see cref="ErrorKind.Damaged"/> if the end magic is missing or the footer does not fit a pack of <paramref name="packSize"/> bytes.
    /// </summary>
    public static int ReadTail(ReadOnlySpan<byte> tail, long packSize)
    {
        if (tail.Length != PackLayout.TailLength || !tail.EndsWith(PackLayout.EndMagic))
        {
            throw VarveException.Damaged(Subject.None, "it does not end as a pack does");
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        long room = packSize - PackLayout.HeaderLength - PackLayout.TailLength;
        if (length > int.MaxValue || length > room || length <= SealLayout.SealedLength(0))
        {
            throw VarveException.Damaged(Subject.None, "its footer's length is impossible");
        }

        return (int)length;
    }
}
