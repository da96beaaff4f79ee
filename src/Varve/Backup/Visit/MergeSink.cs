using Varve.Backup.Commit;
using Varve.Backup.Passes;
using Varve.Backup.Run;
using Varve.Backup.Trees;
using Varve.Detect;
using Varve.Model;
using Varve.Platform;
using Varve.Tree.Details;
using Varve.Walk;

namespace Varve.Backup.Visit;

/// <summary>
/// What comes out of merging a listing with the catalog's rows, entry by entry. Regular files that must be read are collected in the
/// thread's list; everything else is recorded here.
/// </summary>
internal readonly struct MergeSink(
    BackupPass pass, CatalogChanges changes, DirectoryHandle handle, FileList files, DetailsBuilder builder, MovedDirectory? moved)
    : IMergeSink
{
    private readonly DirectoryNode _node = changes.Node;
    private readonly RunTally _tally = pass.Tally;

    /// <inheritdoc/>
    public void New(int now) => Take(now, -1);

    /// <inheritdoc/>
    public void Differs(int now, int known, Change change) => Take(now, known);

    private void Take(int now, int known)
    {
        if (moved?.Find(now) is { } from and >= 0) { TakeOver(now, known, from); }
        else if (_node.Listing.Stat(now).Kind != EntryKind.File) { Record(now, known); }
        else if (!pass.Intake.Takes(in _node.Listing.Stat(now))) { pass.Intake.Defer(changes, now, known); }
        else { files.Add(now, known); }
    }

    /// <summary>An entry that came with its directory from elsewhere: what was known of it there holds here.</summary>
    private void TakeOver(int now, int known, int from)
    {
        moved!.Take(now, from);
        changes.Set(now, known);
        ref EntryStat stat = ref _node.Listing.Stat(now);
        if (stat.Kind == EntryKind.Directory) { return; }
        _tally.CountMoved(takesPlace: known >= 0);
        if (stat.Kind == EntryKind.File) { _tally.Progress.AddFiles(1, stat.Size); }
    }

    /// <inheritdoc/>
    public void Unchanged(int now, int known)
    {
        // What is torn, or may have changed without its stat telling, is read again.
        if (pass.Rules.Force || (_node.Known!.Flags(known) & EntryFlags.Torn) != 0
            || pass.Rules.Unstable.Contains(_node.Id, _node.Listing.Name(now)))
        {
            Take(now, known);
            return;
        }

        EntryTable listing = _node.Listing;
        listing.SetDetails(now, _node.Known!.Details(known));
        listing.Flags(now) = _node.Known.Flags(known);
        changes.Keep(known);
        ref EntryStat stat = ref listing.Stat(now);
        if (stat.Kind == EntryKind.Directory) { return; }
        Interlocked.Increment(ref _tally.Unchanged);
        if (stat.Kind == EntryKind.File) { _tally.Progress.AddFiles(1, stat.Size); }
    }

    /// <inheritdoc/>
    public void Gone(int known)
    {
        changes.Remove(known);
        if (_node.Known!.Stat(known).Kind != EntryKind.Directory) { Interlocked.Increment(ref _tally.Gone); }
    }

    /// <summary>An entry without content: its metadata is read here and now.</summary>
    private void Record(int now, int known)
    {
        EntryTable listing = _node.Listing;
        ref EntryStat stat = ref listing.Stat(now);
        int fd = (_node.Origins?.Handle(now) ?? handle).Fd;
        byte[]? target = null;
        int errno = stat.Kind == EntryKind.Symlink ? EntryReader.ReadLink(fd, listing.Name(now), out target) : 0;
        Xattr[] xattrs = [];
        if (errno == 0) { errno = EntryReader.ReadXattrsAt(fd, _node.NameOnDisk(now), out xattrs); }
        if (errno != 0)
        {
            _tally.Fail(new Failure(_node.Path(listing.Name(now)), FailedOperation.Metadata, errno, ReadFailure.Of(errno)));
            _node.Omit(now);
            changes.Remove(known);
            return;
        }

        if (target is not null) { stat.Size = target.Length; }
        ulong mount = stat.Kind == EntryKind.Directory ? _node.MountBelow(now) : 0;
        listing.SetDetails(now, builder.Encode(in stat, _node.MountKeyOf(now), xattrs, symlinkTarget: target, mount: mount));
        if (known >= 0 && EntryEquality.Same(listing, now, _node.Known!, known))
        {
            Unmodified(known, in stat);
            return;
        }

        changes.Set(now, known);
        if (stat.Kind == EntryKind.Directory) { return; }
        if (known < 0) { Interlocked.Increment(ref _tally.New); }
        else if (stat.Kind == EntryKind.Symlink && !SameTarget(now, known)) { Interlocked.Increment(ref _tally.Changed); }
        else { Interlocked.Increment(ref _tally.MetadataOnly); }
    }

    private void Unmodified(int known, in EntryStat stat)
    {
        changes.Keep(known);
        if (stat.Kind != EntryKind.Directory) { Interlocked.Increment(ref _tally.Unchanged); }
    }

    private bool SameTarget(int now, int known) =>
        DetailsCodec.TryGet(_node.Listing.Details(now), DetailTag.SymlinkTarget, out ReadOnlySpan<byte> target)
        && DetailsCodec.TryGet(_node.Known!.Details(known), DetailTag.SymlinkTarget, out ReadOnlySpan<byte> before)
        && target.SequenceEqual(before);
}
