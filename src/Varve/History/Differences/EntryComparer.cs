using Varve.Model;
using Varve.Model.Changes;
using Varve.Tree.Details;

namespace Varve.History.Differences;

/// <summary>
/// Tells what of an entry is another in two of its states. Content is compared by its chunks: a file that was cut otherwise when it was
/// read again counts as changed, though its bytes may be the same. Stateless, thread-safe.
/// </summary>
internal static class EntryComparer
{
    /// <summary>What differs. Times of change and birth, inode numbers and links are no property of their own.</summary>
    internal static EntryProperties Compare(
        in EntryStat a, ReadOnlySpan<byte> aDetails, in EntryStat b, ReadOnlySpan<byte> bDetails)
    {
        if (a.Kind != b.Kind) { return EntryProperties.Kind; }
        EntryProperties found = 0;
        bool isSame = a.Kind != EntryKind.File || (a.Size == b.Size && DetailsCodec.SameContent(aDetails, bDetails));
        if (!isSame) { found |= EntryProperties.Content; }
        if (!DetailsCodec.Same(aDetails, bDetails, DetailTag.SymlinkTarget)) { found |= EntryProperties.Target; }
        if (!DetailsCodec.Same(aDetails, bDetails, DetailTag.Device)) { found |= EntryProperties.Device; }
        if (a.Mode != b.Mode) { found |= EntryProperties.Mode; }
        if (a.Uid != b.Uid || a.Gid != b.Gid) { found |= EntryProperties.Owner; }
        if (a.Mtime != b.Mtime) { found |= EntryProperties.Modified; }
        if (!DetailsCodec.Same(aDetails, bDetails, DetailTag.Attributes)) { found |= EntryProperties.Attributes; }
        if (!SameXattrs(aDetails, bDetails)) { found |= EntryProperties.Xattrs; }
        return found;
    }

    /// <summary>
    /// Whether two states may be of one entry, under whatever names: by inode number, kind and birth; where that is not known, of all but a
    /// directory by size and time of modification (decision 0058).
    /// </summary>
    internal static bool IsSameEntry(in EntryStat a, ReadOnlySpan<byte> aDetails, in EntryStat b, ReadOnlySpan<byte> bDetails)
    {
        if (a.Inode != b.Inode || a.Kind != b.Kind) { return false; }
        bool isKnown = DetailsCodec.TryGet(aDetails, DetailTag.Birth, out ReadOnlySpan<byte> born)
            & DetailsCodec.TryGet(bDetails, DetailTag.Birth, out ReadOnlySpan<byte> bornAgain);
        return isKnown ? born.SequenceEqual(bornAgain) : a.Kind == EntryKind.Directory || (a.Size == b.Size && a.Mtime == b.Mtime);
    }

    private static bool SameXattrs(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        bool inA = DetailsCodec.TryGet(a, DetailTag.Xattr, out _), inB = DetailsCodec.TryGet(b, DetailTag.Xattr, out _);
        if (!inA || !inB) { return inA == inB; }
        IReadOnlyList<Xattr> x = DetailsCodec.Decode(a).Xattrs, y = DetailsCodec.Decode(b).Xattrs;
        if (x.Count != y.Count) { return false; }
        for (int i = 0; i < x.Count; i++)
        {
            if (!x[i].Name.AsSpan().SequenceEqual(y[i].Name) || !x[i].Value.AsSpan().SequenceEqual(y[i].Value)) { return false; }
        }

        return true;
    }
}
