using Varve.Model;
using Varve.Tree;

namespace Varve.Backup;

/// <summary>Encodes an entry's details from its stat and what was read of it; reused for every entry of a thread, so nothing is allocated. Not thread-safe.</summary>
internal sealed class DetailsBuilder(StoreMeta store)
{
    private readonly ByteWriter _writer = new();
    private readonly ExtentListWriter _small = new(store);
    private ExtentListWriter? _content;

    /// <summary>Bytes that the extents of the file at hand cover.</summary>
    internal long ContentLength => _content?.Length ?? 0;

    /// <summary>Forgets the content of the file before.</summary>
    internal void ClearContent() => _content = null;

    /// <summary>The next extent of a file that is read in one go.</summary>
    internal void Add(in Extent extent)
    {
        if (_content is null)
        {
            _small.Begin();
            _content = _small;
        }

        _small.Add(in extent);
    }

    /// <summary>The content of a file that was cut; the writer stays the caller's.</summary>
    internal void TakeContent(ExtentListWriter extents) => _content = extents;

    /// <summary>The encoded details; valid until the next call.</summary>
    internal ReadOnlySpan<byte> Encode(scoped in EntryStat stat, ulong mountKey, Xattr[] xattrs, byte[]? symlinkTarget = null, ulong mount = 0)
    {
        _writer.Clear();
        var details = new DetailsWriter(_writer);
        if (_content is not null) { _content.Finish(ref details); }
        if (symlinkTarget is not null) { details.SymlinkTarget(symlinkTarget); }
        if (stat.Kind is EntryKind.CharDevice or EntryKind.BlockDevice) { details.Device(stat.RdevMajor, stat.RdevMinor); }
        if (stat.Links > 1 && stat.Kind != EntryKind.Directory) { details.LinkGroup(stat.Inode ^ mountKey); }
        foreach (Xattr xattr in xattrs) { details.Xattr(xattr.Name, xattr.Value); }
        details.BirthAndAttributes(in stat);
        details.Mount(mount);
        return _writer.Written;
    }

    /// <summary>Whether two encoded details have the same content: extents and extent list.</summary>
    internal static bool SameContent(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        for (int tag = DetailTag.Extents; tag <= DetailTag.ExtentList; tag++)
        {
            bool inA = DetailsCodec.TryGet(a, tag, out ReadOnlySpan<byte> x), inB = DetailsCodec.TryGet(b, tag, out ReadOnlySpan<byte> y);
            if (inA != inB || !x.SequenceEqual(y)) { return false; }
        }

        return true;
    }
}
