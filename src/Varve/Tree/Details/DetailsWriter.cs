using Varve.Format;
using Varve.Model;
using Varve.Model.Bytes;

namespace Varve.Tree.Details;

/// <summary>
/// Writes an entry's details field by field, without an <see cref="EntryDetails"/>: the fast path. Call the methods in the order of their
/// tags, which is the order below; another order throws <see cref="InvalidOperationException"/>. Nothing is allocated but the writer's
/// growth.
/// </summary>
internal ref struct DetailsWriter
{
    private readonly ByteWriter _writer;
    private FieldWriter _fields;
    private int _nameAt, _nameLength;

    /// <summary>Appends to <paramref name="writer"/>, which it does not clear.</summary>
    public DetailsWriter(ByteWriter writer)
    {
        _writer = writer;
        _fields = new FieldWriter(writer, DetailTag.Single);
    }

    /// <summary>
    /// Tag 1: extents already encoded, such as <see cref="ExtentListWriter.Inline"/>. Nothing is written if there are none.
    /// </summary>
    public void Extents(scoped ReadOnlySpan<byte> encoded)
    {
        if (!encoded.IsEmpty) { _fields.Bytes(DetailTag.Extents, encoded); }
    }

    /// <summary>Tag 2; not together with tag 1.</summary>
    public void ExtentList(in ChunkId id)
    {
        if (_fields.Last == DetailTag.Extents) { throw new InvalidOperationException("Extents are inline or in a list, not both."); }
        _fields.Id(DetailTag.ExtentList, id.Value);
    }

    /// <summary>Tag 3.</summary>
    public void ChildTree(in ChunkId id) => _fields.Id(DetailTag.ChildTree, id.Value);

    /// <summary>Tag 4.</summary>
    public void SymlinkTarget(scoped ReadOnlySpan<byte> target) => _fields.Bytes(DetailTag.SymlinkTarget, target);

    /// <summary>Tag 5.</summary>
    public void Device(uint major, uint minor)
    {
        int mark = _fields.Open(DetailTag.Device);
        _writer.VarInt(major);
        _writer.VarInt(minor);
        _fields.Close(mark);
    }

    /// <summary>Tag 6. Nothing is written for 0.</summary>
    public void LinkGroup(ulong group)
    {
        if (group == 0) { return; }
        _fields.U64(DetailTag.LinkGroup, group);
    }

    /// <summary>Tag 7: once for each attribute, ascending by name.</summary>
    public void Xattr(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
    {
        if (_fields.Last == DetailTag.Xattr && _writer.Written.Slice(_nameAt, _nameLength).SequenceCompareTo(name) >= 0)
        {
            throw new ArgumentException("Extended attributes ascend by name.", nameof(name));
        }

        if (!DetailsCodec.IsXattrName(name)) { throw new ArgumentException("Not the name of an extended attribute.", nameof(name)); }
        int mark = _fields.Open(DetailTag.Xattr);
        _writer.Bytes(name);
        _writer.Raw(value);
        _fields.Close(mark);
        (_nameAt, _nameLength) = (_writer.Length - value.Length - name.Length, name.Length);
    }

    /// <summary>Tag 8.</summary>
    public void Birth(FileTime time) => _fields.Time(DetailTag.Birth, time);

    /// <summary>Tag 9. Nothing is written for 0.</summary>
    public void Attributes(uint attributes)
    {
        if (attributes == 0) { return; }
        int mark = _fields.Open(DetailTag.Attributes);
        _writer.VarInt(attributes);
        _fields.Close(mark);
    }

    /// <summary>Tag 10. Nothing is written for 0.</summary>
    public void Mount(ulong key)
    {
        if (key == 0) { return; }
        _fields.U64(DetailTag.Mount, key);
    }

    /// <summary>Tags 8 and 9 as a stat tells them.</summary>
    public void BirthAndAttributes(in EntryStat stat)
    {
        if (stat.HasBirth) { Birth(stat.Birth); }
        Attributes(stat.Attributes);
    }
}
