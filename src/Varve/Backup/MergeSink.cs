using Varve.Detect;
using Varve.Model;
using Varve.Platform;
using Varve.Tree;
using Varve.Walk;

namespace Varve.Backup;

/// <summary>
/// What comes out of merging a listing with the catalog's rows, entry by entry. Regular files that must be read are collected in the thread's list; everything else is recorded here.
/// </summary>
internal readonly struct MergeSink(RunContext run, ThreadTools mine, DirectoryNode node, DirectoryHandle handle, CatalogChanges changes, MovedDirectory? moved) : IMergeSink
{
    /// <summary>What a directory that the catalog does not know is merged with.</summary>
    internal static readonly EntryTable Nothing = new();

    /// <inheritdoc/>
    public void New(int now) => Take(now, -1);

    /// <inheritdoc/>
    public void Differs(int now, int known, Change change) => Take(now, known);

    private void Take(int i, int k)
    {
        if (moved?.Find(i) is { } from and >= 0) { TakeOver(i, k, from); }
        else if (node.Listing.Stat(i).Kind != EntryKind.File) { Record(i, k); }
        else if (run.Intake is { } intake && !intake.Takes(in node.Listing.Stat(i))) { intake.Defer(run, node, i, k, changes); }
        else { mine.Files.Add(i, k); }
    }

    /// <summary>An entry that came with its directory from elsewhere: what was known of it there holds here.</summary>
    private void TakeOver(int i, int k, int from)
    {
        moved!.Take(i, from);
        changes.Set(node.Listing, i, node.Known, k, run.Running);
        ref EntryStat stat = ref node.Listing.Stat(i);
        if (stat.Kind == EntryKind.Directory) { return; }
        run.Tally.CountMoved(takesPlace: k >= 0);
        if (stat.Kind == EntryKind.File) { run.Tally.Monitor.AddFiles(1, stat.Size); }
    }

    /// <inheritdoc/>
    public void Unchanged(int i, int k)
    {
        // What is torn, or may have changed without its stat telling, is read again.
        if (run.Options.Force || (node.Known!.Flags(k) & EntryFlags.Torn) != 0 || run.Unstable.Contains(node.Id, node.Listing.Name(i)))
        {
            Take(i, k);
            return;
        }

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
    public void Gone(int k)
    {
        changes.Remove(node.Known!, k, run.Running);
        if (node.Known!.Stat(k).Kind != EntryKind.Directory) { Interlocked.Increment(ref run.Tally.Gone); }
    }

    /// <summary>An entry without content: its metadata is read here and now.</summary>
    private void Record(int i, int k)
    {
        EntryTable listing = node.Listing;
        ref EntryStat stat = ref listing.Stat(i);
        int fd = (node.Origins?.Handle(i) ?? handle).Fd;
        byte[]? target = null;
        int errno = stat.Kind == EntryKind.Symlink ? EntryReader.ReadLink(fd, listing.Name(i), out target) : 0;
        Xattr[] xattrs = [];
        if (errno == 0) { errno = EntryReader.ReadXattrsAt(fd, node.NameOnDisk(i), out xattrs); }
        if (errno != 0)
        {
            run.Tally.Fail(new Failure(node.Path(listing.Name(i)), FailedOperation.Metadata, errno, ReadFailure.Of(errno)));
            node.Omit(i);
            if (k >= 0) { changes.Remove(node.Known!, k, run.Running); }
            return;
        }

        if (target is not null) { stat.Size = target.Length; }
        mine.Details.ClearContent();
        ulong mount = stat.Kind == EntryKind.Directory ? node.MountBelow(i) : 0;
        listing.SetDetails(i, mine.Details.Encode(in stat, node.MountKeyOf(i), xattrs, target, mount));
        if (k >= 0 && EntryEquality.Same(listing, i, node.Known!, k))
        {
            Unmodified(k, in stat);
            return;
        }

        changes.Set(listing, i, node.Known, k, run.Running);
        if (stat.Kind == EntryKind.Directory) { return; }
        if (k < 0) { Interlocked.Increment(ref run.Tally.New); }
        else if (stat.Kind == EntryKind.Symlink && !SameTarget(i, k)) { Interlocked.Increment(ref run.Tally.Changed); }
        else { Interlocked.Increment(ref run.Tally.MetadataOnly); }
    }

    private void Unmodified(int k, in EntryStat stat)
    {
        changes.Keep(node.Known!, k, run.Running);
        if (stat.Kind != EntryKind.Directory) { Interlocked.Increment(ref run.Tally.Unchanged); }
    }

    private bool SameTarget(int i, int k) =>
        DetailsCodec.TryGet(node.Listing.Details(i), DetailTag.SymlinkTarget, out ReadOnlySpan<byte> now)
        && DetailsCodec.TryGet(node.Known!.Details(k), DetailTag.SymlinkTarget, out ReadOnlySpan<byte> known) && now.SequenceEqual(known);
}
