using Varve.Format;
using Varve.Model;
using Varve.Model.Bytes;

namespace Varve.Tree.Details;

/// <summary>
/// Whether an entry can be restored as its details are: what in them costs this entry and no other (docs/format.md, 8.1). What costs the
/// whole leaf is <see cref="DetailsCodec.Inspect"/>'s. Allocates nothing. Stateless, thread-safe.
/// </summary>
internal static class DetailsVerifier
{
    /// <summary>
    /// Throws <see cref="ErrorKind.Damaged"/> for whatever <see cref="DetailsCodec.Decode(ReadOnlySpan{byte})"/> throws for, and for what
    /// is required of an entry of that kind and is not there. That extents make up a file is not looked at.
    /// </summary>
    internal static void Verify(EntryKind kind, ReadOnlySpan<byte> details)
    {
        ReadOnlySpan<byte> target = default, xattr = default;
        bool hasDevice = false, hasXattr = false;
        var fields = new FieldReader(details, DetailsCodec.What, DetailTag.Single);
        while (fields.MoveNext())
        {
            switch (fields.Tag)
            {
                case DetailTag.Extents:
                    var extents = new ExtentReader(fields.Value, DetailsCodec.What);
                    while (extents.MoveNext()) { }
                    break;
                case DetailTag.SymlinkTarget: target = fields.Value; break;
                case DetailTag.Device:
                    DetailsCodec.ReadDevice(fields.Value);
                    hasDevice = true;
                    break;
                case DetailTag.Xattr:
                    var value = new ByteReader(fields.Value, DetailsCodec.What);
                    ReadOnlySpan<byte> name = DetailsCodec.ReadXattrName(ref value);
                    if (hasXattr && xattr.SequenceCompareTo(name) >= 0) { throw Damaged("its extended attributes do not ascend"); }
                    xattr = name;
                    hasXattr = true;
                    break;
                default: break;
            }
        }

        if (kind == EntryKind.Symlink && (target.IsEmpty || target.Contains((byte)0))) { throw Damaged("it has no possible target"); }
        if (kind is EntryKind.CharDevice or EntryKind.BlockDevice && !hasDevice) { throw Damaged("it has no device numbers"); }
    }

    private static VarveException Damaged(string how) => VarveException.Damaged(DetailsCodec.What, how);
}
