using Varve.Catalog;
using Varve.Detect;
using Varve.Model;
using Varve.Platform;
using Varve.Walk;

namespace Varve.Backup;

/// <summary>
/// Walk and detect: what a walker does with a directory it has listed. Equal digest: nothing but a look-up. Otherwise the listing is merged with what the catalog
/// knows; what has no content is dealt with at once, regular files go to the workers in batches.
/// </summary>
internal sealed class DirectoryVisitor(RunContext run, ThreadTools[] tools, ulong rootDevice) : IWalkVisitor<DirectoryNode>
{
    private const int MaxBatchFiles = 256;
    private const long MaxBatchBytes = 4 << 20;

    // Where the file system's own granularity is not known to be that of the root.
    internal const long CoarseGranularity = 2_000_000_000;

    private readonly TreeAssembler[] _assemblers = Array.ConvertAll(tools, mine => new TreeAssembler(run, mine));

    /// <inheritdoc/>
    public void Visit(int worker, DirectoryNode node, DirectoryHandle handle, EntryTable listing, WalkChildren<DirectoryNode> children)
    {
        ThreadTools mine = tools[worker];
        node.Listing = Filter(node, listing);
        run.Tally.Monitor.AddDirectory();
        mine.Files.Clear();
        Examine(mine, node, handle);
        for (int i = 0; i < node.Listing.Count; i++)
        {
            ref EntryStat stat = ref node.Listing.Stat(i);
            if (stat.Kind != EntryKind.Directory || node.Omitted?.Contains(i) == true) { continue; }
            if (run.Options.OneFileSystem && stat.Device != rootDevice)
            {
                SaveEmpty(mine, node, handle, i, in stat);
                continue;
            }

            Interlocked.Increment(ref node.Pending);
            children.Add(node.Listing == listing ? i : listing.Find(node.Listing.Name(i)), Child(node, i, in stat));
        }

        if (node.Listing != listing) { run.Return(listing); }
        Enqueue(mine, node, handle);
        _assemblers[worker].PartDone(node);
    }

    /// <inheritdoc/>
    public bool Includes(int worker, DirectoryNode node, ReadOnlySpan<byte> name, EntryKind kind)
    {
        return run.Excludes.Length == 0 || IsIncluded(run.Excludes, tools[worker].PathOf(node, name), kind);
    }

    /// <summary>Whether no exclude matches a path.</summary>
    internal static bool IsIncluded(Glob[] excludes, ReadOnlySpan<byte> path, EntryKind kind)
    {
        foreach (Glob glob in excludes)
        {
            if ((kind == EntryKind.Directory || !glob.DirectoriesOnly) && glob.IsMatch(path)) { return false; }
        }

        return true;
    }

    /// <inheritdoc/>
    public void EntryFailed(int worker, DirectoryNode node, ReadOnlySpan<byte> name, Failure failure) =>
        run.Tally.Fail(failure with { Path = node.Path(name) });

    /// <inheritdoc/>
    public void Failed(int worker, DirectoryNode node, Failure failure) => _assemblers[worker].Fail(node, failure with { Path = node.Path() });

    /// <summary>A node for the directory that is entry <paramref name="i"/> of its parent.</summary>
    internal static DirectoryNode Child(DirectoryNode parent, int i, in EntryStat stat) => new()
    {
        Parent = parent,
        IndexInParent = i,
        Name = parent.Listing.Name(i).ToArray(),
        Device = stat.Device,
        MountKey = stat.Device == parent.Device ? parent.MountKey : MountKeys.Of(parent.Path(parent.Listing.Name(i))),
    };

    /// <summary>
    /// Compares a listed directory with the catalog and deals with all but regular files that must be read: these are in the thread's list then.
    /// </summary>
    internal void Examine(ThreadTools mine, DirectoryNode node, DirectoryHandle handle)
    {
        EntryTable listing = node.Listing;
        bool known = true;
        DirectoryRow row = default;
        if (node.Parent is null) { node.Id = run.Source.RootDirectory; }
        else if (known = mine.Catalog.TryGetDirectory(node.Parent.Id, node.Name, out row))
        {
            node.Id = row.Id;
            node.OldTree = row.Tree;
        }
        else
        {
            node.IsNew = true;
            node.Id = run.DirectoryIds.Next();
        }

        if (!row.Tree.IsNone && !run.Options.Force && row.Digest == DirectoryDigest.Compute(listing, run.Rules) && IsSafe(node, row)
            && !run.Unstable.HasAnyIn(node.Id))
        {
            node.IsSame = true;
            CountSame(listing);
            return;
        }

        CatalogChanges changes = run.RentChanges(node);
        changes.IsDiscovery = node.IsNew;
        using MovedDirectory? moved = MovedDirectory.Of(run, mine, node);
        changes.Origin = moved?.Link ?? 0;
        var sink = new MergeSink(run, mine, node, handle, changes, moved);
        if (known)
        {
            node.Known = run.Tables.Rent();
            mine.Catalog.ReadDirectory(node.Id, run.ResumedNumber, node.Known);
        }

        DirectoryMerge.Run(listing, node.Known ?? MergeSink.Nothing, run.Safe, run.Rules, ref sink);
        run.Commit(changes);
    }

    /// <summary>Puts the files in the thread's list on their edge in batches, in inode order; counts each on the node first.</summary>
    internal void Enqueue(ThreadTools mine, DirectoryNode node, DirectoryHandle handle)
    {
        FileList files = mine.Files;
        files.Sort(node.Listing);
        for (int start = 0; start < files.Count;)
        {
            long bytes = 0;
            int end = start;
            do { bytes += node.Listing.Stat(files[end++].Now).Size; }
            while (end < files.Count && end - start < MaxBatchFiles && bytes + node.Listing.Stat(files[end].Now).Size <= MaxBatchBytes);
            Interlocked.Increment(ref node.Pending);
            handle.AddRef();
            ReadBatch batch = run.RentBatch(node, handle);
            for (int i = start; i < end; i++) { batch.Items.Add(files[i]); }
            if (!run.Edges.Work.Put(batch))
            {
                handle.Release();
                throw new OperationCanceledException();
            }

            start = end;
        }
    }

    /// <summary>A directory on another file system that is not to be entered: as if there were nothing in it.</summary>
    internal void SaveEmpty(ThreadTools mine, DirectoryNode parent, DirectoryHandle handle, int i, in EntryStat stat)
    {
        Interlocked.Increment(ref parent.Pending);
        DirectoryNode node = Child(parent, i, in stat);
        node.Listing = run.Tables.Rent();
        Examine(mine, node, handle);
        new TreeAssembler(run, mine).PartDone(node);
    }

    /// <summary>Whether all timestamps in the directory lie safely before the scan that recorded them.</summary>
    internal bool IsSafe(DirectoryNode node, in DirectoryRow row)
    {
        FileTime limit = run.Safe.For(row.Recorded);
        if (node.Device != run.RootDevice) { limit = limit.Minus(CoarseGranularity); }
        return ((run.Rules & ChangeRules.IgnoreCtime) != 0 ? row.NewestMtime : row.NewestCtime) < limit;
    }

    private void CountSame(EntryTable listing)
    {
        long others = 0, files = 0, bytes = 0;
        for (int i = 0; i < listing.Count; i++)
        {
            ref EntryStat stat = ref listing.Stat(i);
            if (stat.Kind == EntryKind.Directory) { continue; }
            others++;
            if (stat.Kind != EntryKind.File) { continue; }
            files++;
            bytes += stat.Size;
        }

        Interlocked.Add(ref run.Tally.Unchanged, others);
        run.Tally.Monitor.AddFiles(files, bytes);
    }

    /// <summary>Drops the repository and the cache. The usual case keeps the table it was given.</summary>
    internal EntryTable Filter(DirectoryNode node, EntryTable listing)
    {
        EntryTable? kept = null;
        for (int i = 0; i < listing.Count; i++)
        {
            bool drop = listing.Stat(i).Kind == EntryKind.Directory && IsOwn(node, listing.Name(i), in listing.Stat(i));
            if (drop && kept is null)
            {
                kept = run.Tables.Rent();
                for (int j = 0; j < i; j++) { kept.Add(listing.Name(j), in listing.Stat(j)); }
            }
            else if (!drop)
            {
                kept?.Add(listing.Name(i), in listing.Stat(i));
            }
        }

        return kept ?? listing;
    }

    private bool IsOwn(DirectoryNode node, ReadOnlySpan<byte> name, in EntryStat stat)
    {
        foreach (OwnDirectory own in run.Own)
        {
            if (!own.Is(in stat, node, name)) { continue; }
            run.Tally.Note(new Notice(Subject.Path(node.Path(name)), $"is left out: {own.What}"));
            return true;
        }

        return false;
    }
}
