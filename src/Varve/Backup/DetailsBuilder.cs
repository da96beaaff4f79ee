using Varve.Model;
using Varve.Tree;

namespace Varve.Backup;

/// <summary>Encodes an entry's details from its stat and what was read of it; reused for every entry of a thread, so nothing is allocated. Not thread-safe.</summary>
internal sealed class DetailsBuilder
{
    private readonly EntryDetails _details = new();
    private readonly ByteWriter _writer = new();

    /// <summary>Extents of the file at hand, filled by its reader; at most as many as fit inline.</summary>
    internal List<Extent> Extents { get; } = [];

    /// <summary>The extent list when there are more, or none.</summary>
    internal ChunkId ExtentList { get; set; }

    /// <summary>Forgets the content of the file before.</summary>
    internal void ClearContent()
    {
        Extents.Clear();
        ExtentList = default;
    }

    /// <summary>The encoded details; valid until the next call.</summary>
    internal ReadOnlySpan<byte> Encode(in EntryStat stat, ulong mountKey, IReadOnlyList<Xattr> xattrs, byte[]? symlinkTarget = null)
    {
        _details.Extents = Extents.Count > 0 ? Extents : null;
        _details.ExtentList = ExtentList;
        _details.ChildTree = default;
        _details.SymlinkTarget = symlinkTarget;
        _details.Device = stat.Kind is EntryKind.CharDevice or EntryKind.BlockDevice ? (stat.RdevMajor, stat.RdevMinor) : null;
        _details.LinkGroup = stat.Links > 1 && stat.Kind != EntryKind.Directory ? stat.Inode ^ mountKey : 0;
        _details.Xattrs = xattrs;
        _details.Birth = stat.HasBirth ? stat.Birth : null;
        _details.Attributes = stat.Attributes;
        _writer.Clear();
        DetailsCodec.Encode(_writer, _details);
        return _writer.Written;
    }

    /// <summary>Whether two encoded details have the same content: extents and extent list.</summary>
    internal static bool SameContent(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        for (int tag = 1; tag <= 2; tag++)
        {
            bool inA = DetailsCodec.TryGet(a, tag, out ReadOnlySpan<byte> x), inB = DetailsCodec.TryGet(b, tag, out ReadOnlySpan<byte> y);
            if (inA != inB || !x.SequenceEqual(y)) { return false; }
        }

        return true;
    }
}
