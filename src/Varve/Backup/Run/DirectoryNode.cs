using System.Text;
using Varve.Backup.Dirty;
using Varve.Catalog.Rows;
using Varve.Model;
using Varve.Model.Rules;

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

    /// <summary>
    /// The first snapshot that has not seen this directory, or one above it, though it was not found to be gone; 0 if the one before has
    /// seen it.
    /// </summary>
    internal long Gap { get; init; }

    /// <summary>Such gaps of entries of this directory, open as the run began; null if there are none.</summary>
    internal IReadOnlyList<GapRow>? Gaps { get; set; }

    /// <summary>Entries that are there and could not be looked at: they are missing from the listing, and not gone.</summary>
    internal HashSet<string>? Unseen { get; private set; }

    /// <summary>
    /// Not all places that the directory, or one above it, is made up of could be listed: what is missing from the listing may be there.
    /// </summary>
    internal bool IsIncomplete { get; set; }

    /// <summary>Places in the source, here or further down, that roots which are not there stand for; null if there are none.</summary>
    internal IReadOnlyList<AbsentPlace>? Absent { get; init; }

    /// <summary>Of such roots what this directory, or one above it, had is in the snapshot as it was last seen.</summary>
    internal bool IsKept { get; init; }

    /// <summary>Known entries (by row) that are in the snapshot as they were last seen.</summary>
    internal List<int>? Kept { get; set; }

    /// <summary>Where the entries really lie, if it is not all of them under their names in one directory; else null.</summary>
    internal EntryOrigins? Origins { get; set; }

    /// <summary>
    /// How it is reached once more: an absolute path, and the depth of the directory that lies there. Null for one that is put together.
    /// </summary>
    internal (byte[] Path, int Depth)? Base { get; init; }

    /// <summary>The ignore files that count in it; null for none.</summary>
    internal IgnoreRules? Ignore { get; set; }

    /// <summary>What was left out of it on purpose; null for nothing. Used by who visits it.</summary>
    internal MarkTally? LeftOut { get; set; }

    /// <summary>Its number among the directories that were seen; -1 before it is listed, and of one that never is.</summary>
    internal int Seen { get; set; } = -1;

    /// <summary>It was visited before in this pass, completed and counted.</summary>
    internal bool IsAgain { get; init; }

    /// <summary>Some files of a directory that is done without them: nobody above waits for it.</summary>
    internal bool IsLoose { get; init; }

    /// <summary>
    /// Of a run that looks only where something may have changed: what is known of that here. Null: it, and all below it, is looked at.
    /// </summary>
    internal DirtyNode? Dirty { get; init; }

    /// <summary>Nothing in it changed, but perhaps of child directories: its listing is what the catalog has.</summary>
    internal bool IsRecalled { get; set; }

    // ---- guarded by lock(this) ----

    /// <summary>Something of what was listed is not where it was: the directory is visited again. By whom the seen are kept.</summary>
    internal bool IsOutdated { get; set; }

    /// <summary>The trees of child directories, by index in the listing.</summary>
    internal Dictionary<int, ChunkId>? ChildTrees { get; set; }

    /// <summary>Entries that could not be saved: not in the tree.</summary>
    internal HashSet<int>? Omitted { get; set; }

    /// <summary>Something that was known was not seen, and may be there: it is looked for again, whatever the listing is then.</summary>
    internal bool HasMissed { get; set; }

    /// <summary>A stat or a child differs from what the digest and old tree say.</summary>
    internal bool IsDirty { get; set; }

    // ---- atomic ----

    /// <summary>The visit itself, batches and children that are not done.</summary>
    internal int Pending = 1;

    // ---- set at completion ----

    internal ChunkId Tree { get; set; }

    /// <summary>Levels below the source's root, counted anew by each call.</summary>
    internal int Depth
    {
        get
        {
            int depth = -1;
            for (DirectoryNode? n = Parent; n is not null; n = n.Parent) { depth++; }
            return depth;
        }
    }

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
    /// <param name="i">The entry.</param>
    /// <param name="stat">Its stat.</param>
    /// <param name="seen">Its number, if it was visited before; else -1.</param>
    /// <param name="dirty">What is known of what changed in it.</param>
    internal DirectoryNode Child(int i, in EntryStat stat, int seen = -1, DirtyNode? dirty = null) => new()
    {
        Dirty = dirty,
        Parent = this,
        Seen = seen,
        IsAgain = seen >= 0,
        IndexInParent = i,
        Name = Listing.Name(i).ToArray(),
        Base = Base,
        Ignore = Ignore,
        Device = stat.Device,
        MountKey = stat.Device == Device ? MountKey : MountKeys.Of(Path(Listing.Name(i))),
        Gap = GapOf(Listing.Name(i)),
        IsIncomplete = IsIncomplete || AbsentPlace.Ends(Absent, Listing.Name(i), GapKind.Failed),
        IsKept = IsKept || AbsentPlace.Ends(Absent, Listing.Name(i), GapKind.Kept),
        Absent = AbsentPlace.Below(Absent, Listing.Name(i)),
    };

    /// <summary>What <see cref="Gap"/> is for an entry of this directory.</summary>
    internal long GapOf(ReadOnlySpan<byte> name)
    {
        long gap = Gap;
        foreach (GapRow row in Gaps ?? [])
        {
            if (name.SequenceEqual(row.Name) && (gap == 0 || row.First < gap)) { gap = row.First; }
        }

        return gap;
    }

    /// <summary>
    /// Of a directory that is visited again, whether the visit before saved what row <paramref name="known"/> has: it was there at a moment
    /// of the run.
    /// </summary>
    internal bool HasSaved(int known)
    {
        if (!IsAgain || known < 0 || Known!.Last(known) != long.MaxValue) { return false; }
        foreach (GapRow row in Gaps ?? [])
        {
            if (row.Last == long.MaxValue && Known.Name(known).SequenceEqual(row.Name)) { return false; }
        }

        return true;
    }

    /// <summary>Whether an entry that is missing from the listing may be there all the same.</summary>
    internal bool MayHave(ReadOnlySpan<byte> name) => IsIncomplete || Unseen?.Contains(Encoding.Latin1.GetString(name)) == true
        || AbsentPlace.IsOnTheWay(Absent, name, GapKind.Failed);

    /// <summary>Whether an entry that is missing from the listing stays in the snapshot as it was last seen.</summary>
    internal bool Keeps(ReadOnlySpan<byte> name) => IsKept || AbsentPlace.IsOnTheWay(Absent, name, GapKind.Kept);

    /// <summary>An entry could not be looked at. Before the directory is visited.</summary>
    internal void AddUnseen(ReadOnlySpan<byte> name) => (Unseen ??= []).Add(Encoding.Latin1.GetString(name));

    /// <summary>Entry <paramref name="now"/> is saved as row <paramref name="known"/> has it.</summary>
    internal void StandAs(int now, int known)
    {
        lock (this)
        {
            Listing.Stat(now) = Known!.Stat(known);
            Listing.Flags(now) = Known.Flags(known);
            Listing.SetDetails(now, Known.Details(known));
        }
    }

    internal void Omit(int index)
    {
        lock (this)
        {
            (Omitted ??= []).Add(index);
            IsDirty = true;
        }
    }

    /// <summary>An entry could not be saved; <paramref name="wasKnown"/>: the catalog has a state of it, which stands.</summary>
    internal void Miss(int index, bool wasKnown)
    {
        Omit(index);
        if (!wasKnown) { return; }
        lock (this) { HasMissed = true; }
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
