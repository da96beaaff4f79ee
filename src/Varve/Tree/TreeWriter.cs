using Varve.Model;
using Varve.Model.Bytes;
using Varve.Tree.Details;
using Varve.Tree.Lists;

namespace Varve.Tree;

/// <summary>
/// Writes the tree of one directory (docs/format.md, 8.1) from its entries in ascending order. Full leaves and nodes are stored at once, so
/// that memory does not grow with the directory: one leaf (64 KiB to 1 MiB) and one node for each level.
///
/// Invariants: the same entries and owner names give the same chunks; where leaves are cut depends on entries near the cut only, so that a
/// change rewrites the leaf it is in and, at most, the next, and the nodes above. The size that decides is that of the encoded entries (of
/// the encoded children), without what stands before them. Whatever it writes, <see cref="TreeReader"/> accepts. Reused:
/// <see cref="Begin"/> starts the next tree, also after an exception. Not thread-safe.
/// </summary>
internal sealed class TreeWriter
{
    /// <summary>Longer entries (name and details together) are refused, so that a leaf always fits a chunk of 16 MiB.</summary>
    public const int MaxEntry = 8 << 20;

    private const int CutFrom = 64 << 10, CutAt = 1 << 20, CutMask = 63;

    private readonly StoreMeta _store;
    private readonly OwnerSet.Resolver _user, _group;
    private readonly ByteWriter _body = new(4096);
    private readonly ByteWriter _chunk = new(4096);
    private readonly OwnerSet _users = new(), _groups = new();
    private readonly List<TreeLevel> _levels = [];
    private readonly byte[] _firstName = new byte[EntryName.MaxLength], _lastName = new byte[EntryName.MaxLength];
    private int _firstLength, _lastLength, _inLeaf, _used;
    private bool _rootTree;

    /// <summary>Creates it.</summary>
    public TreeWriter(StoreMeta store, IOwnerNames owners) => (_store, _user, _group) = (store, owners.User, owners.Group);

    /// <summary>Entries added to the current tree.</summary>
    public long Count { get; private set; }

    /// <summary>Starts a tree; a root tree holds one entry, which may be named <c>/</c>.</summary>
    public void Begin(bool rootTree = false)
    {
        ClearLeaf();
        for (int i = 0; i < _used; i++) { _levels[i].Reset(); }
        (_lastLength, _used, _rootTree, Count) = (0, 0, rootTree, 0);
    }

    /// <summary>
    /// Adds the next entry; copies what it is given. Throws <see cref="ArgumentException"/> for a name that is none, is longer than 4,096
    /// bytes or does not ascend, a stat no reader would accept, and an entry above <see cref="MaxEntry"/>; <see cref="ErrorKind.Damaged"/>
    /// for details that make no sense (they may come from the catalog). The entry is then not part of the tree, and others may follow.
    /// </summary>
    public void Add(ReadOnlySpan<byte> name, in EntryStat stat, EntryFlags flags, ReadOnlySpan<byte> details)
    {
        Check(name, stat, flags, details);
        int mark = _body.Open();
        _body.U8((byte)stat.Kind);
        _body.Bytes(name);
        _body.VarInt(stat.Mode & 0xFFF);
        _body.VarInt(stat.Uid);
        _body.VarInt(stat.Gid);
        _body.VarInt(stat.Kind is EntryKind.File or EntryKind.Symlink ? (ulong)stat.Size : 0);
        _body.Time(stat.Mtime);
        _body.Time(stat.Ctime);
        _body.VarInt(stat.Inode);
        _body.VarInt((ulong)flags);
        _body.Raw(details);
        _body.Close(mark);

        _users.Add(stat.Uid);
        _groups.Add(stat.Gid);
        name.CopyTo(_lastName);
        _lastLength = name.Length;
        Count++;
        if (_inLeaf++ == 0)
        {
            name.CopyTo(_firstName);
            _firstLength = name.Length;
        }

        if (IsCut(_body.Length, name)) { CutLeaf(); }
    }

    /// <summary>Ends the tree and returns its id. A directory without entries has a tree too.</summary>
    public ChunkId Finish()
    {
        if (_rootTree && Count != 1) { throw new InvalidOperationException("A root tree holds one entry."); }
        if (_inLeaf > 0 || Count == 0) { CutLeaf(); }
        for (int i = 0; ; i++)
        {
            TreeLevel level = _levels[i];
            if (i == _used - 1 && level.Total == 1) { return level.Last; }
            if (level.Count > 0) { CutNode(i); }
        }
    }

    private void Check(ReadOnlySpan<byte> name, in EntryStat stat, EntryFlags flags, ReadOnlySpan<byte> details)
    {
        if (!EntryName.IsValid(name, _rootTree) || name.Length > EntryName.MaxLength)
        {
            throw new ArgumentException("Not the name of an entry.", nameof(name));
        }
        if (Count > 0 && _lastName.AsSpan(0, _lastLength).SequenceCompareTo(name) >= 0)
        {
            throw new ArgumentException("Names must ascend.", nameof(name));
        }
        if (stat.Kind is < EntryKind.File or > EntryKind.BlockDevice || stat.Size < 0 || flags < 0
            || !TreeLeafReader.IsOwner(stat.Uid) || !TreeLeafReader.IsOwner(stat.Gid)
            || (uint)stat.Mtime.Nanoseconds > 999_999_999 || (uint)stat.Ctime.Nanoseconds > 999_999_999)
        {
            throw new ArgumentException("Not the stat of an entry.", nameof(stat));
        }

        if (name.Length + (long)details.Length > MaxEntry) { throw new ArgumentException("The entry is too long.", nameof(details)); }
        var inspected = new EntryStat { Kind = stat.Kind };
        DetailsCodec.Inspect(details, ref inspected, DetailsCodec.What);
    }

    private static bool IsCut(int length, ReadOnlySpan<byte> what) =>
        length >= CutFrom && (length >= CutAt || (Crc32C.Compute(what) & CutMask) == 0);

    private void CutLeaf()
    {
        MetaChunk.Begin(_chunk, MetaKind.TreeLeaf);
        _users.Write(_chunk, _user);
        _groups.Write(_chunk, _group);
        _chunk.VarInt((uint)_inLeaf);
        _chunk.Raw(_body.Written);
        ChunkId id = _store(_chunk.Written);
        Push(0, id, _firstName.AsSpan(0, _firstLength));
        ClearLeaf();
    }

    private void ClearLeaf()
    {
        _body.Clear();
        _users.Clear();
        _groups.Clear();
        (_inLeaf, _firstLength) = (0, 0);
    }

    private void CutNode(int i)
    {
        TreeLevel level = _levels[i];
        MetaChunk.Begin(_chunk, MetaKind.TreeNode);
        _chunk.VarInt((uint)level.Count);
        _chunk.Raw(level.Body.Written);
        ChunkId id = _store(_chunk.Written);
        level.NextNode();
        Push(i + 1, id, level.First);
    }

    private void Push(int i, in ChunkId id, ReadOnlySpan<byte> firstName)
    {
        if (i == _levels.Count) { _levels.Add(new TreeLevel()); }
        _used = Math.Max(_used, i + 1);
        TreeLevel level = _levels[i];
        level.Add(id, firstName);
        Span<byte> bytes = stackalloc byte[Bytes32.Size];
        id.Value.CopyTo(bytes);
        if (IsCut(level.Body.Length, bytes)) { CutNode(i); }
    }
}
