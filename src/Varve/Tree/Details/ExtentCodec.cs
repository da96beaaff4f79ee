using Varve.Format;
using Varve.Model;
using Varve.Model.Bytes;

namespace Varve.Tree.Details;

/// <summary>The encoding of single extents and the limits of lists (docs/format.md, 8.2).</summary>
internal static class ExtentCodec
{
    internal const byte Data = 0, Hole = 1;

    /// <summary>Throws <see cref="ArgumentOutOfRangeException"/> for an extent no reader would accept.</summary>
    internal static void Write(ByteWriter writer, in Extent extent)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(extent.Length);
        if (extent.IsHole) { writer.VarInt(Hole); }
        else
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(extent.Length, Limits.MaxChunk - (long)extent.Offset);
            writer.VarInt(Data);
            writer.Id32(extent.Chunk.Value);
            writer.VarInt(extent.Offset);
        }

        writer.VarInt((ulong)extent.Length);
    }

    internal static Extent Read(ref ByteReader reader)
    {
        ulong kind = reader.VarInt();
        if (kind == Hole) { return Extent.Hole(NotZero(ref reader, reader.VarInt63())); }
        if (kind != Data) { throw reader.Damaged($"an extent is of unknown kind {kind}"); }
        var chunk = new ChunkId(reader.Id32());
        uint offset = reader.VarInt32(), length = (uint)NotZero(ref reader, reader.VarInt32());
        if (chunk.IsNone || (ulong)offset + length > Limits.MaxChunk) { throw reader.Damaged("an extent lies in no chunk"); }
        return new Extent(chunk, offset, length);
    }

    // What is empty could be repeated without end.
    private static long NotZero(ref ByteReader reader, long length) => length > 0 ? length : throw reader.Damaged("an extent is empty");
}
