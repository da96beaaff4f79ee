using Varve.Model;

namespace Varve.Tree;

/// <summary>
/// Writes an entry's details field by field, without an <see cref="EntryDetails"/>: the fast path. Call the methods in the order of their tags,
/// which is the order below; another order throws <see cref="InvalidOperationException"/>. Nothing is allocated but the writer's growth.
/// </summary>
public ref struct DetailsWriter
{
    private readonly ByteWriter _writer;
    private int _last, _nameAt, _nameLength;

    /// <summary>Appends to <paramref name="writer"/>, which it does not clear.</summary>
    public DetailsWriter(ByteWriter writer) => _writer = writer;

    /// <summary>Tag 1: extents already encoded, such as <see cref="ExtentListWriter.Inline"/>. Nothing is written if there are none.</summary>
    public void Extents(scoped ReadOnlySpan<byte> encoded)
    {
        if (!encoded.IsEmpty) { Field(DetailTag.Extents, encoded); }
    }

    /// <summary>Tag 2; not together with tag 1.</summary>
    public void ExtentList(in ChunkId id)
    {
        if (_last == DetailTag.Extents) { throw new InvalidOperationException("Extents are inline or in a list, not both."); }
        Id(DetailTag.ExtentList, id);
    }

    /// <summary>Tag 3.</summary>
    public void ChildTree(in ChunkId id) => Id(DetailTag.ChildTree, id);

    /// <summary>Tag 4.</summary>
    public void SymlinkTarget(scoped ReadOnlySpan<byte> target) => Field(DetailTag.SymlinkTarget, target);

    /// <summary>Tag 5.</summary>
    public void Device(uint major, uint minor)
    {
        int mark = Open(DetailTag.Device);
        _writer.VarInt(major);
        _writer.VarInt(minor);
        _writer.Close(mark);
    }

    /// <summary>Tag 6. Nothing is written for 0.</summary>
    public void LinkGroup(ulong group)
    {
        if (group == 0) { return; }
        int mark = Open(DetailTag.LinkGroup);
        _writer.U64(group);
        _writer.Close(mark);
    }

    /// <summary>Tag 7: once for each attribute, ascending by name.</summary>
    public void Xattr(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
    {
        if (_last == DetailTag.Xattr && _writer.Written.Slice(_nameAt, _nameLength).SequenceCompareTo(name) >= 0)
        {
            throw new ArgumentException("Extended attributes ascend by name.", nameof(name));
        }

        int mark = Open(DetailTag.Xattr);
        _writer.Bytes(name);
        _writer.Raw(value);
        _writer.Close(mark);
        (_nameAt, _nameLength) = (_writer.Length - value.Length - name.Length, name.Length);
    }

    /// <summary>Tag 8.</summary>
    public void Birth(FileTime time)
    {
        int mark = Open(DetailTag.Birth);
        _writer.Time(time);
        _writer.Close(mark);
    }

    /// <summary>Tag 9. Nothing is written for 0.</summary>
    public void Attributes(uint attributes)
    {
        if (attributes == 0) { return; }
        int mark = Open(DetailTag.Attributes);
        _writer.VarInt(attributes);
        _writer.Close(mark);
    }

    /// <summary>Tag 10. Nothing is written for 0.</summary>
    public void Mount(ulong key)
    {
        if (key == 0) { return; }
        int mark = Open(DetailTag.Mount);
        _writer.U64(key);
        _writer.Close(mark);
    }

    /// <summary>Tags 8 and 9 as a stat tells them.</summary>
    public void BirthAndAttributes(in EntryStat stat)
    {
        if (stat.HasBirth) { Birth(stat.Birth); }
        Attributes(stat.Attributes);
    }

    private void Id(int tag, in ChunkId id)
    {
        int mark = Open(tag);
        _writer.Id32(id.Value);
        _writer.Close(mark);
    }

    private void Field(int tag, scoped ReadOnlySpan<byte> value)
    {
        Ascend(tag);
        _writer.Field((ulong)tag, value);
    }

    private int Open(int tag)
    {
        Ascend(tag);
        _writer.VarInt((ulong)tag);
        return _writer.Open();
    }

    private void Ascend(int tag)
    {
        if (tag < _last || (tag == _last && tag != DetailTag.Xattr)) { throw new InvalidOperationException($"Field {tag} comes before field {_last}."); }
        _last = tag;
    }
}
