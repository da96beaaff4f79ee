using Varve.Model;
using Varve.Model.Bytes;
using Varve.Tree.Lists;

namespace Varve.Tree.Details;

/// <summary>
/// Reads extent lists (docs/format.md, 8.2). Stateless, thread-safe. Memory: one chunk for each level. Damage throws
/// <see cref="ErrorKind.Damaged"/>: lengths that do not match those the nodes declare, empty leaves and nodes, more than 8 levels.
/// </summary>
internal static class ExtentListReader
{
    private const int MinExtent = 2, MinChild = Bytes32.Size + 1;

    private readonly record struct Frame(ReadOnlyMemory<byte> Chunk, Subject What, bool IsLeaf, int At, int Left, long BytesLeft);

    /// <summary>
    /// The extents of a list in order, which cover <paramref name="size"/> bytes (the entry's size). Enumerated lazily; each enumeration
    /// fetches anew.
    /// </summary>
    public static IEnumerable<Extent> Read(ChunkId list, long size, FetchMeta fetch)
    {
        var stack = new Stack<Frame>();
        stack.Push(Open(list, size, fetch));
        while (stack.TryPop(out Frame frame))
        {
            if (frame.Left == 0)
            {
                if (frame.BytesLeft != 0) { throw VarveException.Damaged(frame.What, "its extents are shorter than declared"); }
                continue;
            }

            if (frame.IsLeaf)
            {
                frame = NextExtent(frame, out Extent extent);
                stack.Push(frame);
                yield return extent;
                continue;
            }

            frame = NextChild(frame, out ChunkId child, out long length);
            stack.Push(frame);
            if (stack.Count == MetaChunk.MaxLevels) { throw VarveException.Damaged(frame.What, "it has too many levels"); }
            stack.Push(Open(child, length, fetch));
        }
    }

    private static Frame Open(ChunkId id, long length, FetchMeta fetch)
    {
        ReadOnlyMemory<byte> chunk = fetch(id);
        Subject what = Subject.ExtentList(id);
        bool isLeaf = MetaChunk.Kind(chunk.Span, what) == MetaKind.ExtentLeaf;
        ByteReader reader = MetaChunk.Open(chunk.Span, isLeaf ? MetaKind.ExtentLeaf : MetaKind.ExtentNode, what);
        int count = reader.Count(isLeaf ? MinExtent : MinChild);
        return count > 0 ? new Frame(chunk, what, isLeaf, 2 + reader.Position, count, length) : throw reader.Damaged("it is empty");
    }

    private static Frame NextExtent(in Frame frame, out Extent extent)
    {
        var reader = new ByteReader(frame.Chunk.Span[frame.At..], frame.What);
        extent = ExtentCodec.Read(ref reader);
        return Advance(frame, ref reader, extent.Length);
    }

    private static Frame NextChild(in Frame frame, out ChunkId child, out long length)
    {
        var reader = new ByteReader(frame.Chunk.Span[frame.At..], frame.What);
        child = new ChunkId(reader.Id32());
        length = reader.VarInt63();
        return Advance(frame, ref reader, length);
    }

    // No item is empty: what repeats without end would otherwise never be noticed.
    private static Frame Advance(in Frame frame, ref ByteReader reader, long length)
    {
        if (length == 0 || length > frame.BytesLeft) { throw reader.Damaged("its extents are not as long as declared"); }
        if (frame.Left == 1) { reader.End(); }
        return frame with { At = frame.At + reader.Position, Left = frame.Left - 1, BytesLeft = frame.BytesLeft - length };
    }
}
