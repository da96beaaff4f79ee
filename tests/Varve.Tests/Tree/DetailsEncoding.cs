using Varve.Model;
using Varve.Model.Bytes;
using Varve.Tree.Details;

namespace Varve.Tests.Tree;

/// <summary>Details encoded from an object, where the program writes them field by field.</summary>
internal static class DetailsEncoding
{
    /// <summary>The encoded form.</summary>
    internal static byte[] Encode(EntryDetails details)
    {
        var writer = new ByteWriter();
        var to = new DetailsWriter(writer);
        to.Extents([.. details.Extents ?? []]);
        if (!details.ExtentList.IsNone) { to.ExtentList(details.ExtentList); }
        if (!details.ChildTree.IsNone) { to.ChildTree(details.ChildTree); }
        if (details.SymlinkTarget != null) { to.SymlinkTarget(details.SymlinkTarget); }
        if (details.Device is (uint major, uint minor)) { to.Device(major, minor); }
        to.LinkGroup(details.LinkGroup);
        foreach (Xattr xattr in details.Xattrs) { to.Xattr(xattr.Name, xattr.Value); }
        if (details.Birth is FileTime birth) { to.Birth(birth); }
        to.Attributes(details.Attributes);
        to.Mount(details.Mount);
        return writer.ToArray();
    }

    /// <summary>Tag 1.</summary>
    internal static void Extents(this ref DetailsWriter to, Extent[] extents)
    {
        var encoded = new ByteWriter();
        foreach (Extent extent in extents) { ExtentCodec.Write(encoded, extent); }
        to.Extents(encoded.Written);
    }
}
