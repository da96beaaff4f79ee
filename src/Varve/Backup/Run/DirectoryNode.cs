using Varve.Model;

namespace Varve.Backup.Run;

/// <summary>
/// A directory on its way through the pipeline. Visited by one walker; then its files are read by workers and its child directories visited
/// by walkers; whoever finishes the last of them completes it (<c>TreeAssembler</c>). Fields marked so are guarded by the node's own lock.
/// </summary>
internal sealed class DirectoryNode
{
    // ---- fixed once visited ----

    /// <summary>The directory above; null for the pseudo directory that holds the root's entry.</summary>
    internal DirectoryNode? Parent { get; init; }

    /// <summary>Index of this directory's entry in the parent's listing.</summary>
    internal int IndexInParent { get; init; }

    internal byte[] Name { get; init; } = [];

    /// <summary>The catalog's id.</summary>
    internal long Id { get; set; }

    /// <summary>The catalog's id of what it was before it was moved or renamed, or 0.</summary>
    internal long MovedFrom { get; set; }

    /// <summary>The catalog has no row for it yet.</summary>
    internal bool IsNew { get; set; }

    /// <summary>The tree the catalog knows, or none.</summary>
    internal ChunkId OldTree { get; set; }

    /// <summary>The digest equals the catalog's: the rows stand.</summary>
    internal bool IsSame { get; set; }

    /// <summary>Distinguishes inode numbers of different file systems within the source; 0 on the root's.</summary>
    internal ulong MountKey { get; init; }

    internal ulong Device { get; init; }

    /// <summary>Entries, sorted. Details are filled in as they come (guarded).</summary>
    internal EntryTable Listing { get; set; } = null!;

    /// <summary>Rows the catalog had, if it was asked; kept while files are read.</summary>
    internal EntryTable? Known { get; set; }

    internal Bytes32 Digest { get; set; }

    /// <summary>Where the entries really lie, if it is not all of them under their names in one directory; else null.</summary>
    internal EntryOrigins? Origins { get; set; }

    // ---- guarded by lock(this) ----

    /// <summary>The trees of child directories, by index in the listing.</summary>
    internal Dictionary<int, ChunkId>? ChildTrees { get; set; }

    /// <summary>Entries that could not be saved: not in the tree.</summary>
    internal HashSet<int>? Omitted { get; set; }

    /// <summary>A stat or a child differs from what the digest and old tree say.</summary>
    internal bool IsDirty { get; set; }

    // ---- atomic ----

    /// <summary>The visit itself, batches and children that are not done.</summary>
    internal int Pending = 1;

    // ---- set at completion ----

    internal ChunkId Tree { get; set; }

    /// <summary>The name of entry <paramref name="i"/> in the directory it lies in.</summary>
    internal ReadOnlySpan<byte> NameOnDisk(int i) => Origins is null ? Listing.Name(i) : Origins.Name(i, Listing.Name(i));

    /// <summary>What tells the inode number of entry <paramref name="i"/> apart from those of other file systems.</summary>
    internal ulong MountKeyOf(int i) => Origins is null ? MountKey : Origins.MountKey(i);

    /// <summary>
    /// What tells apart the inode numbers of the file system that begins with child directory <paramref name="i"/>; 0 if it lies on this
    /// one's.
    /// </summary>
    internal ulong MountBelow(int i)
    {
        if (Origins is null) { return Listing.Stat(i).Device == Device ? 0 : MountKeys.Of(Path(Listing.Name(i))); }
        ulong below = Origins.MountBelow(i);
        // That it is the first root's again cannot be said: with the key of the path nothing is found, and nothing mistaken.
        return below == MountKey ? 0 : below != 0 ? below : MountKeys.Of(Path(Listing.Name(i)));
    }

    /// <summary>A node for the directory that is entry <paramref name="i"/> of this one.</summary>
    internal DirectoryNode Child(int i, in EntryStat stat) => new()
    {
        Parent = this,
        IndexInParent = i,
        Name = Listing.Name(i).ToArray(),
        Device = stat.Device,
        MountKey = stat.Device == Device ? MountKey : MountKeys.Of(Path(Listing.Name(i))),
    };

    internal void Omit(int index)
    {
        lock (this)
        {
            (Omitted ??= []).Add(index);
            IsDirty = true;
        }
    }

    internal void SetChildTree(int index, ChunkId tree, bool changed)
    {
        lock (this)
        {
            (ChildTrees ??= [])[index] = tree;
            IsDirty |= changed;
        }
    }

    /// <summary>Path relative to the root of the source; empty for the root itself.</summary>
    internal byte[] Path(ReadOnlySpan<byte> name = default)
    {
        int length = name.Length;
        for (DirectoryNode n = this; n.Parent?.Parent is not null; n = n.Parent) { length += n.Name.Length + 1; }
        if (name.IsEmpty) { length = Math.Max(0, length - 1); }
        var path = new byte[length];
        int at = length - name.Length;
        name.CopyTo(path.AsSpan(at));
        bool first = name.IsEmpty;
        for (DirectoryNode n = this; n.Parent?.Parent is not null; n = n.Parent)
        {
            if (!first) { path[--at] = (byte)'/'; }
            first = false;
            at -= n.Name.Length;
            n.Name.CopyTo(path.AsSpan(at));
        }

        return path;
    }
}
