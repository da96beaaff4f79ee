using Varve.Format;
using Varve.Model;
using Varve.Model.Bytes;

namespace Varve.Tree.Details;

/// <summary>
/// Walks the inline extents of an entry without allocating. What makes no sense, and more of them than an entry may have, throws
/// <see cref="ErrorKind.Damaged"/>.
/// </summary>
internal ref struct ExtentReader
{
    private ByteReader _reader;
    private long _end;
    private int _count;

    /// <summary>Walks <paramref name="extents"/> to the end.</summary>
    public ExtentReader(ReadOnlySpan<byte> extents, Subject what) => _reader = new ByteReader(extents, what);

    /// <summary>The extent of the last successful <see cref="MoveNext"/>. A data extent lies within the largest possible chunk.</summary>
    public Extent Current { get; private set; }

    /// <summary>Bytes covered so far, <see cref="Current"/> included: the length of it all when MoveNext has returned false.</summary>
    public readonly long Length => _end;

    /// <summary>Goes to the next extent; false at the end.</summary>
    public bool MoveNext()
    {
        if (_reader.Remaining == 0) { return false; }
        if (++_count > Limits.MaxInlineExtents) { throw _reader.Damaged($"more than {Limits.MaxInlineExtents} extents are inline"); }
        Extent extent = ExtentCodec.Read(ref _reader);
        if (extent.Length > long.MaxValue - _end) { throw _reader.Damaged("its extents are longer than a file can be"); }
        _end += extent.Length;
        Current = extent;
        return true;
    }

    /// <summary>For foreach.</summary>
    public readonly ExtentReader GetEnumerator() => this;
}
