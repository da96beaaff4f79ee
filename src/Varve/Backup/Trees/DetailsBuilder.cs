using Varve.Model;
using Varve.Model.Bytes;
using Varve.Tree.Details;

namespace Varve.Backup.Trees;

/// <summary>
/// Encodes an entry's details from its stat and what was read of it; reused for every entry of a thread, so nothing is allocated. Not
/// thread-safe.
/// </summary>
internal sealed class DetailsBuilder
{
    private readonly ByteWriter _writer = new();

    /// <summary>The encoded details of a file with that content, or of an entry without any; valid until the next call.</summary>
    internal ReadOnlySpan<byte> Encode(
        scoped in EntryStat stat, ulong mountKey, Xattr[] xattrs, ExtentListWriter? content = null, byte[]? symlinkTarget = null,
        ulong mount = 0)
    {
        _writer.Clear();
        var details = new DetailsWriter(_writer);
        content?.Finish(ref details);
        if (symlinkTarget is not null) { details.SymlinkTarget(symlinkTarget); }
        if (stat.Kind is EntryKind.CharDevice or EntryKind.BlockDevice) { details.Device(stat.RdevMajor, stat.RdevMinor); }
        if (stat.Links > 1 && stat.Kind != EntryKind.Directory) { details.LinkGroup(stat.Inode ^ mountKey); }
        foreach (Xattr xattr in xattrs) { details.Xattr(xattr.Name, xattr.Value); }
        details.BirthAndAttributes(in stat);
        details.Mount(mount);
        return _writer.Written;
    }
}
