using System.Diagnostics.CodeAnalysis;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Tree.Details;
using Varve.Tree.Lists;

namespace Varve.Tree;

/// <summary>
/// Walks the entries of a tree leaf (docs/format.md, 8.1) without allocating; everything it hands out is a slice of the chunk. Throws
/// <see cref="ErrorKind.Damaged"/> for names that are none or do not ascend, unknown kinds, impossible owners, times and lengths, and
/// details that make no sense. Inline extents and extended attributes are checked when they are decoded.
/// </summary>
internal ref struct TreeLeafReader
{
    private static readonly Subject s_tree = Subject.PartOnly("a tree");

    private readonly Subject _what;
    private readonly bool _rootTree;
    private OwnerSection _users, _groups;
    private ByteReader _reader;
    private EntryStat _stat;
    private bool _any;
    private int _left;

    /// <summary>Reads what stands before the entries. Errors are about <paramref name="what"/>.</summary>
    public TreeLeafReader(ReadOnlySpan<byte> chunk, Subject? what = null, bool rootTree = false)
    {
        (_what, _rootTree) = (what ?? s_tree, rootTree);
        _reader = MetaChunk.Open(chunk, MetaKind.TreeLeaf, _what);
        _users = OwnerSection.Read(ref _reader);
        _groups = OwnerSection.Read(ref _reader);
        _left = Count = _reader.Count(14);
        if (Count == 0) { _reader.End(); }
    }

    /// <summary>Entries in the leaf.</summary>
    public int Count { get; }

    /// <summary>The current entry's name; the last one's at the end.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The current entry's flags, unknown bits too.</summary>
    public EntryFlags Flags { get; private set; }

    /// <summary>The current entry's details, encoded; <see cref="DetailsCodec"/> reads them.</summary>
    public ReadOnlySpan<byte> Details { get; private set; }

    /// <summary>
    /// The current entry's stat: device numbers, birth and attributes come from the details. Valid until the next MoveNext.
    /// </summary>
    [UnscopedRef]
    public readonly ref readonly EntryStat Stat => ref _stat;

    /// <summary>The name of an owner when the leaf was written, or empty if it was unknown.</summary>
    public ReadOnlySpan<byte> UserName(uint uid) => _users.Find(uid, _what);

    /// <summary>The name of a group when the leaf was written, or empty if it was unknown.</summary>
    public ReadOnlySpan<byte> GroupName(uint gid) => _groups.Find(gid, _what);

    /// <summary>Goes to the next entry; false at the end.</summary>
    public bool MoveNext()
    {
        if (_left == 0) { return false; }
        _left--;
        var entry = new ByteReader(_reader.Bytes(), _what);
        _stat = default;
        byte kind = entry.U8();
        if (kind is < (byte)EntryKind.File or > (byte)EntryKind.BlockDevice) { throw entry.Damaged($"an entry is of unknown kind {kind}"); }
        _stat.Kind = (EntryKind)kind;
        ReadOnlySpan<byte> name = entry.Bytes();
        if (!EntryName.IsValid(name, _rootTree)) { throw entry.Damaged("an entry has a name that is none"); }
        if (_any && Name.SequenceCompareTo(name) >= 0) { throw entry.Damaged("its names do not ascend"); }
        Name = name;
        _any = true;
        _stat.Mode = entry.VarInt32();
        if (_stat.Mode > 0xFFF) { throw entry.Damaged("an entry has an impossible mode"); }
        _stat.Uid = entry.VarInt32();
        _stat.Gid = entry.VarInt32();
        if (!IsOwner(_stat.Uid) || !IsOwner(_stat.Gid)) { throw entry.Damaged("an entry has an impossible owner"); }
        _stat.Size = entry.VarInt63();
        _stat.Mtime = entry.Time();
        _stat.Ctime = entry.Time();
        _stat.Inode = entry.VarInt();
        uint flags = entry.VarInt32();
        if (flags > int.MaxValue) { throw entry.Damaged("an entry has impossible flags"); }
        Flags = (EntryFlags)flags;
        Details = entry.Rest();
        DetailsCodec.Inspect(Details, ref _stat, _what);
        if (_left == 0) { _reader.End(); }
        return true;
    }

    /// <summary>2^32-1 is nobody's number: to the system it means that an owner stays as it is.</summary>
    internal static bool IsOwner(uint number) => number != uint.MaxValue;

    /// <summary>The first entry's name must be above this: for leaves that follow others.</summary>
    internal void After(ReadOnlySpan<byte> name)
    {
        Name = name;
        _any = true;
    }
}
