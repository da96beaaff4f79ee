using Varve.Model;
using Varve.Walk;

namespace Varve.Archives.Sources;

/// <summary>
/// A directory that is to be archived, with its listing. All of a tree stay in memory until the archive is written: some 250 bytes an
/// entry. Written by the one thread that visits it, read by all afterwards.
/// </summary>
internal sealed class ArchiveNode(ArchiveNode? parent, byte[] name)
{
    /// <summary>The directory above; null for a root.</summary>
    internal ArchiveNode? Parent => parent;

    /// <summary>Its name; of a root that in the archive, empty for the root directory of the system.</summary>
    internal byte[] Name => name;

    /// <summary>Its entries, ascending by name.</summary>
    internal EntryTable Listing { get; set; } = null!;

    /// <summary>The directories among them, in that order; null for one that could not be listed.</summary>
    internal List<(int Index, ArchiveNode Node)> Children { get; } = [];

    /// <summary>It could not be listed, which is among the failures of its tree.</summary>
    internal bool IsUnlisted { get; set; }

    /// <summary>Where the walk finds it again: of a live tree.</summary>
    internal WalkDirectory? Place { get; set; }

    /// <summary>The names of the owners of each entry: of a snapshot.</summary>
    internal List<(byte[] User, byte[] Group)>? Owners { get; set; }

    /// <summary>Its hash, once that is computed.</summary>
    internal byte[]? Hash { get; set; }


    /// <summary>The path of a name in it in the archive, with <paramref name="slash"/> for a directory.</summary>
    internal byte[] ArchivePath(ReadOnlySpan<byte> entry, bool slash) => Compose(entry, slash, withRoot: true);

    /// <summary>The path of a name in it, relative to the root.</summary>
    internal byte[] RelativePath(ReadOnlySpan<byte> entry) => Compose(entry, slash: false, withRoot: false);

    private byte[] Compose(ReadOnlySpan<byte> entry, bool slash, bool withRoot)
    {
        int length = entry.Length + (slash && !entry.IsEmpty ? 1 : 0);
        for (ArchiveNode? d = this; d is not null && (withRoot || d.Parent is not null); d = d.Parent)
        {
            if (d.Name.Length > 0) { length += d.Name.Length + 1; }
        }

        bool trims = entry.IsEmpty && !slash && length > 0;
        var path = new byte[length];
        int at = length;
        if (slash && !entry.IsEmpty) { path[--at] = (byte)'/'; }
        at -= entry.Length;
        entry.CopyTo(path.AsSpan(at));
        for (ArchiveNode? d = this; d is not null && (withRoot || d.Parent is not null); d = d.Parent)
        {
            if (d.Name.Length == 0) { continue; }
            path[--at] = (byte)'/';
            at -= d.Name.Length;
            d.Name.CopyTo(path, at);
        }

        return trims ? path[..^1] : path;
    }
}
