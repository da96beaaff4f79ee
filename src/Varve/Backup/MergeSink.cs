using Varve.Detect;
using Varve.Model;
using Varve.Platform;
using Varve.Walk;

namespace Varve.Backup;

/// <summary>
/// What comes out of merging a listing with the catalog's rows, entry by entry. Regular files that must be read are collected; everything else is recorded here.
/// </summary>
internal struct MergeSink(RunContext run, ThreadTools mine, DirectoryNode node, DirectoryHandle handle, CatalogChanges changes) : IMergeSink
{
    private static readonly EntryTable s_empty = new();

    /// <summary>Index in the listing and in the known rows (-1: none) of the files to read; null when there are none.</summary>
    internal List<(int Now, int Known)>? Files { get; private set; }

    internal readonly EntryTable Empty => s_empty;

    /// <inheritdoc/>
    public void New(int i) => Changed(i, -1);

    /// <inheritdoc/>
    public void Changed(int i, int k)
    {
        if (k >= 0 && IsSafeAfterAll(i, k))
        {
            Unchanged(i, k);
            return;
        }

        if (node.Listing.Stat(i).Kind == EntryKind.File) { (Files ??= []).Add((i, k)); }
        else { Record(i, k); }
    }

    /// <inheritdoc/>
    public readonly void Unchanged(int i, int k)
    {
        EntryTable listing = node.Listing;
        listing.SetDetails(i, node.Known!.Details(k));
        listing.Flags(i) = node.Known.Flags(k);
        changes.Keep(node.Known, k, run.Running);
        ref EntryStat stat = ref listing.Stat(i);
        if (stat.Kind == EntryKind.Directory) { return; }
        Interlocked.Increment(ref run.Tally.Unchanged);
        if (stat.Kind == EntryKind.File) { run.Tally.Monitor.AddFiles(1, stat.Size); }
    }

    /// <inheritdoc/>
    public readonly void Gone(int k)
    {
        changes.Remove(node.Known!, k, run.Running);
        if (node.Known!.Stat(k).Kind != EntryKind.Directory) { Interlocked.Increment(ref run.Tally.Gone); }
    }

    /// <summary>
    /// A row of this snapshot's interrupted run was recorded later than those of the snapshot before: its timestamps may be safe although the merge, which judges
    /// all rows by the earlier scan, does not trust them.
    /// </summary>
    private readonly bool IsSafeAfterAll(int i, int k) =>
        !run.Options.Force && node.Known!.First(k) == run.Running
        && ChangePredicate.Compare(in node.Listing.Stat(i), in node.Known.Stat(k), run.SafeBeforeRunning, run.Rules) == Change.Unchanged;

    /// <summary>An entry without content: its metadata is read here and now.</summary>
    private readonly void Record(int i, int k)
    {
        EntryTable listing = node.Listing;
        ref EntryStat stat = ref listing.Stat(i);
        byte[]? target = null;
        try
        {
            if (stat.Kind == EntryKind.Symlink) { target = EntryReader.ReadLink(handle.Fd, listing.Name(i)); }
            mine.Details.ClearContent();
            listing.SetDetails(i, mine.Details.Encode(in stat, node.MountKey, EntryReader.ReadXattrs(handle.Fd, listing.Name(i)), target));
        }
        catch (PosixException e)
        {
            run.Tally.Fail(new Failure(node.Path(listing.Name(i)), FailedOperation.Metadata, e.Errno, e.Message));
            node.Omit(i);
            if (k >= 0) { changes.Remove(node.Known!, k, run.Running); }
            return;
        }

        changes.Set(listing, i, node.Known, k, run.Running);
        if (stat.Kind == EntryKind.Directory) { return; }
        if (k < 0) { Interlocked.Increment(ref run.Tally.New); }
        else { Interlocked.Increment(ref run.Tally.MetadataOnly); }
    }
}
