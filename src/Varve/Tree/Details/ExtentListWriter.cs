using Varve.Format;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Tree.Lists;

namespace Varve.Tree.Details;

/// <summary>
/// Takes the extents of one file as they come, and makes of them either inline extents (64 at most) or a list (docs/format.md, 8.2), of
/// which full leaves are stored at once. The same extents give the same list. Reused: <see cref="Begin"/> starts the next file, also after
/// an exception. Not thread-safe. Memory: a leaf of 4,096 extents and 4,096 children for each level, 200 KB each, whatever the file's size.
/// </summary>
internal sealed class ExtentListWriter(StoreMeta store)
{
    private const int LeafMinimum = 256, LeafMaximum = 4096, NodeMaximum = 4096, CutBelow = 4;

    private readonly ByteWriter _body = new();
    private readonly ByteWriter _chunk = new();
    private readonly List<Level> _levels = [];
    private int _inLeaf, _used;
    private long _leafLength;

    private sealed class Level
    {
        internal readonly ByteWriter Body = new();
        internal int Count;
        internal long Total, Length;
        internal ChunkId Last;
    }

    /// <summary>Extents so far.</summary>
    public long Count { get; private set; }

    /// <summary>File bytes they cover.</summary>
    public long Length { get; private set; }

    /// <summary>After a <see cref="Finish()"/> that returned none: the encoded extents, empty for no content. Valid until Begin.</summary>
    public ReadOnlySpan<byte> Inline => _used == 0 ? _body.Written : default;

    /// <summary>Starts a file.</summary>
    public void Begin()
    {
        _body.Clear();
        for (int i = 0; i < _used; i++)
        {
            Level level = _levels[i];
            level.Body.Clear();
            (level.Count, level.Total, level.Length) = (0, 0, 0);
        }

        (_inLeaf, _used, _leafLength, Count, Length) = (0, 0, 0, 0, 0);
    }

    /// <summary>
    /// Adds the next extent. Its length is not 0, and a slice lies within 16 MiB, else <see cref="ArgumentOutOfRangeException"/>.
    /// </summary>
    public void Add(in Extent extent)
    {
        ExtentCodec.Write(_body, extent);
        Length = checked(Length + extent.Length);
        _leafLength += extent.Length;
        Count++;
        _inLeaf++;
        bool cut = _inLeaf >= LeafMinimum && !extent.IsHole && extent.Chunk.Value.Prefix >> 56 < CutBelow;
        if (cut || _inLeaf == LeafMaximum) { CutLeaf(); }
    }

    /// <summary>
    /// Ends the file: the list's id, or none if the extents are <see cref="Inline"/>. Again, without an extent in between: the same.
    /// </summary>
    public ChunkId Finish()
    {
        if (Count <= Limits.MaxInlineExtents) { return default; }
        if (_inLeaf > 0) { CutLeaf(); }
        for (int i = 0; ; i++)
        {
            Level level = _levels[i];
            if (i == _used - 1 && level.Total == 1) { return level.Last; }
            if (level.Count > 0) { CutNode(i); }
        }
    }

    /// <summary>Ends the file and writes tag 1 or tag 2, or nothing for no content.</summary>
    public void Finish(ref DetailsWriter details)
    {
        ChunkId list = Finish();
        if (list.IsNone) { details.Extents(Inline); } else { details.ExtentList(list); }
    }

    private void CutLeaf()
    {
        ChunkId id = Store(MetaKind.ExtentLeaf, _inLeaf, _body);
        long length = _leafLength;
        _body.Clear();
        (_inLeaf, _leafLength) = (0, 0);
        Push(0, id, length);
    }

    private void CutNode(int i)
    {
        Level level = _levels[i];
        ChunkId id = Store(MetaKind.ExtentNode, level.Count, level.Body);
        long length = level.Length;
        level.Body.Clear();
        (level.Count, level.Length) = (0, 0);
        Push(i + 1, id, length);
    }

    private void Push(int i, in ChunkId id, long length)
    {
        if (i == _levels.Count) { _levels.Add(new Level()); }
        _used = Math.Max(_used, i + 1);
        Level level = _levels[i];
        level.Body.Id32(id.Value);
        level.Body.VarInt((ulong)length);
        level.Last = id;
        level.Length += length;
        level.Total++;
        if (++level.Count == NodeMaximum) { CutNode(i); }
    }

    private ChunkId Store(MetaKind kind, int count, ByteWriter body)
    {
        MetaChunk.Begin(_chunk, kind);
        _chunk.VarInt((uint)count);
        _chunk.Raw(body.Written);
        return store(_chunk.Written);
    }
}
