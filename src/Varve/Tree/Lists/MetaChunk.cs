using Varve.Model.Bytes;

namespace Varve.Tree.Lists;

/// <summary>The first two bytes of meta chunks, and limits all of them share (docs/format.md, 8).</summary>
internal static class MetaChunk
{
    /// <summary>The version of all kinds.</summary>
    public const byte Version = 1;

    /// <summary>Levels of trees and extent lists beyond which they are damage: leaves at 64 KiB and nodes at 64 KiB fill four.</summary>
    internal const int MaxLevels = 8;

    /// <summary>What a meta chunk is. Throws <see cref="ErrorKind.Damaged"/> if it is none of version 1.</summary>
    public static MetaKind Kind(ReadOnlySpan<byte> chunk, Subject? what = null)
    {
        if (chunk.Length < 2 || chunk[0] is < (byte)MetaKind.TreeLeaf or > (byte)MetaKind.MarkList || chunk[1] != Version)
        {
            throw VarveException.Damaged(what ?? Subject.PartOnly("a meta chunk"), "it is no meta chunk of version 1");
        }

        return (MetaKind)chunk[0];
    }

    /// <summary>A reader after the first two bytes; throws unless the chunk is of that kind.</summary>
    internal static ByteReader Open(ReadOnlySpan<byte> chunk, MetaKind kind, Subject what)
    {
        if (Kind(chunk, what) != kind) { throw VarveException.Damaged(what, $"it is not a chunk of kind {kind}"); }
        return new ByteReader(chunk[2..], what);
    }

    internal static void Begin(ByteWriter writer, MetaKind kind)
    {
        writer.Clear();
        writer.U8((byte)kind);
        writer.U8(Version);
    }
}
