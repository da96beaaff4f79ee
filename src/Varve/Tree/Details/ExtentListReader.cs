using Varve.Model;
using Varve.Model.Bytes;
using Varve.Tree.Lists;

namespace Varve.Tree.Details;

/// <summary>
/// Reads extent lists (docs/format.md, 8.2). Stateless, thread-safe. Memory: one chunk for each level, and 60 bytes for each part of the
/// list that is nothing but a hole. Damage throws <see cref="ErrorKind.Damaged"/>: lengths that do not match those the nodes declare, empty
/// leaves and nodes, more than 8 levels.
/// <para>A part that is nothing but a hole is read once, however often the list names it, and holes in a row are one: so a list of a few
/// kilobytes that stands for 2^62 holes of a byte each comes to an end.</para>
/// </summary>
internal static class ExtentListReader
{
    private const int MinExtent = 2, MinChild = Bytes32.Size + 1;

    /// <summary>
    /// The extents of a list in order, which cover <paramref name="size"/> bytes (the entry's size). Enumerated lazily; each enumeration
    /// fetches anew.
    /// </summary>
    public static IEnumerable<Extent> Read(ChunkId list, long size, FetchMeta fetch)
    {
        long hole = 0;
        foreach (Extent extent in Walk(list, size, fetch))
        {
            if (extent.IsHole)
            {
                hole += extent.Length;
                continue;
            }

            if (hole > 0) { yield return Extent.Hole(hole); }
            hole = 0;
            yield return extent;
        }

        if (hole > 0) { yield return Extent.Hole(hole); }
    }

    /// <summary>
    /// The children of a node, or the extents of a leaf, in order; each to the one or the other, and what they cover together. Reads one
    /// chunk.
    /// </summary>
    internal static long ReadOne(ChunkId list, FetchMeta fetch, Action<ChunkId, long> child, Action<Extent> extent)
    {
        ListFrame frame = Open(list, long.MaxValue, fetch);
        while (frame.Left > 0)
        {
            if (frame.IsLeaf) { extent(NextExtent(frame)); }
            else
            {
                ChunkId id = NextChild(frame, out long length);
                child(id, length);
            }
        }

        return long.MaxValue - frame.BytesLeft;
    }

    /// <summary>Whether a part of <paramref name="height"/> levels may stand below <paramref name="depth"/> of them.</summary>
    internal static void RequireRoom(int depth, int height, Subject what)
    {
        if (depth + height > MetaChunk.MaxLevels) { throw VarveException.Damaged(what, "it has too many levels"); }
    }

    private static IEnumerable<Extent> Walk(ChunkId list, long size, FetchMeta fetch)
    {
        Dictionary<ChunkId, (long Length, int Height)> holes = [];
        var stack = new Stack<ListFrame>();
        stack.Push(Open(list, size, fetch));
        while (stack.TryPeek(out ListFrame? frame))
        {
            if (frame.Left == 0)
            {
                if (frame.BytesLeft != 0) { throw VarveException.Damaged(frame.What, "its extents are shorter than declared"); }
                stack.Pop();
                if (frame.OnlyHoles) { holes[frame.Id] = (frame.Length, frame.Height); }
                if (stack.TryPeek(out ListFrame? above)) { above.Take(frame.OnlyHoles, frame.Height); }
                continue;
            }

            if (frame.IsLeaf)
            {
                Extent extent = NextExtent(frame);
                frame.OnlyHoles &= extent.IsHole;
                yield return extent;
                continue;
            }

            ChunkId child = NextChild(frame, out long length);
            if (!holes.TryGetValue(child, out (long Length, int Height) known))
            {
                RequireRoom(stack.Count, 1, frame.What);
                stack.Push(Open(child, length, fetch));
                continue;
            }

            RequireRoom(stack.Count, known.Height, frame.What);
            if (known.Length != length) { throw VarveException.Damaged(frame.What, "its extents are not as long as declared"); }
            frame.Take(onlyHoles: true, known.Height);
            yield return Extent.Hole(length);
        }
    }

    private static ListFrame Open(ChunkId id, long length, FetchMeta fetch)
    {
        ReadOnlyMemory<byte> chunk = fetch(id);
        Subject what = Subject.ExtentList(id);
        bool isLeaf = MetaChunk.Kind(chunk.Span, what) == MetaKind.ExtentLeaf;
        ByteReader reader = MetaChunk.Open(chunk.Span, isLeaf ? MetaKind.ExtentLeaf : MetaKind.ExtentNode, what);
        int count = reader.Count(isLeaf ? MinExtent : MinChild);
        return count > 0 ? new ListFrame(id, what, chunk, isLeaf, length) { At = 2 + reader.Position, Left = count }
            : throw reader.Damaged("it is empty");
    }

    private static Extent NextExtent(ListFrame frame)
    {
        var reader = new ByteReader(frame.Chunk.Span[frame.At..], frame.What);
        Extent extent = ExtentCodec.Read(ref reader);
        Advance(frame, ref reader, extent.Length);
        return extent;
    }

    private static ChunkId NextChild(ListFrame frame, out long length)
    {
        var reader = new ByteReader(frame.Chunk.Span[frame.At..], frame.What);
        var child = new ChunkId(reader.Id32());
        length = reader.VarInt63();
        Advance(frame, ref reader, length);
        return child;
    }

    // No item is empty: what repeats without end would otherwise never be noticed.
    private static void Advance(ListFrame frame, ref ByteReader reader, long length)
    {
        if (length == 0 || length > frame.BytesLeft) { throw reader.Damaged("its extents are not as long as declared"); }
        if (frame.Left == 1) { reader.End(); }
        frame.At += reader.Position;
        frame.Left--;
        frame.BytesLeft -= length;
    }
}
