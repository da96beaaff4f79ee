using Varve.Backup.Commit;
using Varve.Backup.Order;
using Varve.Backup.Passes;
using Varve.Backup.Run;
using Varve.Backup.Trees;
using Varve.Detect;
using Varve.Model;
using Varve.Model.Changes;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Tree.Details;
using Varve.Walk;

namespace Varve.Backup.Visit;

/// <summary>
/// What comes out of merging a listing with the catalog's rows, entry by entry. Regular files that must be read are collected in the
/// thread's list; everything else is recorded here.
/// </summary>
internal readonly struct MergeSink(
    BackupPass pass, CatalogChanges changes, DirectoryHandle handle, FileList files, GroupFinder groups, DetailsBuilder builder,
    MovedDirectory? moved)
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
        changes.See(now);
        if (pass.Dirty is not null) { SeeLinked(now, known); }
        if (groups.Of(now) is { } group) { group.ToRead.Add((now, known)); }
        else if (moved?.Find(now) is { } from and >= 0) { TakeOver(now, known, from); }
        else if (_node.Listing.Stat(now).Kind != EntryKind.File) { Record(now, known); }
        else if (!pass.Intake.Takes(in _node.Listing.Stat(now))) { pass.Intake.Defer(changes, now, known); }
        else { files.Add(now, known); }
    }

    /// <summary>
    /// A file with several names, or that had several, has changed: the directories of the others are to be looked at too.
    /// </summary>
    private void SeeLinked(int now, int known)
    {
        ref EntryStat stat = ref _node.Listing.Stat(now);
        if (stat.Kind == EntryKind.Directory || (known >= 0 && stat.IsSameState(in _node.Known!.Stat(known)))) { return; }
        if (stat.Links > 1) { pass.Dirty!.SeeLinked(stat.Inode); }
        if (known >= 0) { SeeLinked(known); }
    }

    private void SeeLinked(int known)
    {
        if (DetailsCodec.LinkGroup(_node.Known!.Details(known)) != 0) { pass.Dirty!.SeeLinked(_node.Known.Stat(known).Inode); }
    }

    /// <summary>An entry that came with its directory from elsewhere: what was known of it there holds here.</summary>
    private void TakeOver(int now, int known, int from)
    {
        moved!.Take(now, from);
        changes.Set(now, known);
        ref EntryStat stat = ref _node.Listing.Stat(now);
        if (stat.Kind == EntryKind.Directory) { return; }
        _tally.CountMoved(takesPlace: known >= 0);
        _tally.Tell(EntryChange.Moved, _node, _node.Listing.Name(now), stat.Kind);
        if (stat.Kind == EntryKind.File) { _tally.Progress.AddFiles(1, stat.Size); }
    }

    /// <inheritdoc/>
    public void Unchanged(int now, int known)
    {
        // What is torn, or may have changed without its stat telling, is read again.
        if ((pass.Rules.Force && !_node.IsAgain) || (_node.Known!.Flags(known) & EntryFlags.Unsettled) != 0
            || pass.Rules.Unstable.Contains(_node.Id, _node.Listing.Name(now)) || !IsSafe(now, known) || MayBeComplete(now, known)
            || !pass.Rules.IsBelievable(_node, _node.Known, known))
        {
            Take(now, known);
            return;
        }

        changes.See(now);
        EntryTable listing = _node.Listing;
        listing.SetDetails(now, _node.Known!.Details(known));
        listing.Flags(now) = _node.Known.Flags(known);
        if (groups.Of(now) is { } group)
        {
            group.Standing.Add((now, known));
            return;
        }

        Stand(now, known);
    }

    private void Stand(int now, int known)
    {
        EntryTable listing = _node.Listing;
        changes.Keep(known);
        ref EntryStat stat = ref listing.Stat(now);
        if (stat.Kind == EntryKind.Directory) { return; }
        _tally.CountUnchanged(_node);
        if (stat.Kind == EntryKind.File && !_node.IsAgain) { _tally.Progress.AddFiles(1, stat.Size); }
    }

    /// <summary>What the snapshots before have not seen was safe when it was seen last, or it is not.</summary>
    private bool IsSafe(int now, int known) =>
        _node.Gaps is null || _node.GapOf(_node.Listing.Name(now)) is var gap && gap == _node.Gap
        || ChangePredicate.Compare(in _node.Listing.Stat(now), in _node.Known!.Stat(known),
            pass.Rules.SafeAt(_node, gap).For(_node.Known.First(known)), pass.Rules.Compare) == Change.Unchanged;

    /// <summary>
    /// Whether an entry lacks attributes that can be read by now, or may: of a file they are tried, since reading it costs more.
    /// </summary>
    private bool MayBeComplete(int now, int known)
    {
        if ((_node.Known!.Flags(known) & EntryFlags.Incomplete) == 0) { return false; }
        if (_node.Listing.Stat(now).Kind != EntryKind.File) { return true; }
        int fd = (_node.Origins?.Handle(now) ?? handle).Fd;
        EntryReader.ReadXattrsAt(fd, _node.NameOnDisk(now), out _, out UnreadXattrs unread);
        if (unread.Errno == 0) { return true; }
        _tally.FailSaved(ReadFailure.Xattrs(_node, now, in unread));
        return false;
    }

    /// <inheritdoc/>
    public void Gone(int known)
    {
        ReadOnlySpan<byte> name = _node.Known!.Name(known);
        if (pass.Dirty is not null) { SeeLinked(known); }
        if (IsSavedAndElsewhere(known))
        {
            (_node.Kept ??= []).Add(known);
            return;
        }

        if (_node.MayHave(name) && _node.Listing.Find(name) < 0) // else something of another kind is there
        {
            _node.HasMissed = true; // nobody else has the directory yet
            changes.Miss(_node.Known, known);
            return;
        }

        if (_node.Keeps(name) && _node.Listing.Find(name) < 0)
        {
            _node.HasMissed = true;
            if (pass.Rules.Proof is { IsOfAll: true })
            {
                // Packs are condemned, perhaps what it needs, and it is not there to be read again.
                _tally.Fail(new Failure(_node.Path(name), FailedOperation.List, 0,
                    "is not there, and cannot be kept as it was: packs are about to be deleted"));
                changes.Miss(_node.Known, known);
                return;
            }

            if (_node.Known.Stat(known).Kind != EntryKind.Directory && !pass.Rules.IsBelievable(_node, _node.Known, known))
            {
                // What a run that did not end had stored of it may be gone.
                _tally.Fail(new Failure(_node.Path(name), FailedOperation.List, 0, "was not saved whole when it was last seen"));
                changes.Miss(_node.Known, known);
                return;
            }

            (_node.Kept ??= []).Add(known);
            changes.Keep(known);
            return;
        }

        changes.Remove(known);
        if (_node.Known!.Stat(known).Kind != EntryKind.Directory) { _tally.CountGone(_node, changes.IsOfThisRun(known)); }
    }

    /// <summary>
    /// Whether the visit before saved an entry, and no other name of the directory has it now. Where it is, if anywhere, is not known: it
    /// stays as it was, at the place where it was at a moment of the run. That does not go for one of files that belong together: those
    /// that are there will be of a later moment.
    /// </summary>
    private bool IsSavedAndElsewhere(int known)
    {
        if (!_node.HasSaved(known) || _node.Listing.Find(_node.Known!.Name(known)) >= 0) { return false; }
        if (LostCompanions.HasOther(pass.Rules.Groups, _node.Listing, _node.Known.Name(known))) { return false; }
        for (int i = 0; i < _node.Listing.Count; i++)
        {
            if (_node.Listing.Stat(i).Inode == _node.Known!.Stat(known).Inode) { return false; }
        }

        return true;
    }

    /// <summary>
    /// What is to be done with files that belong together is known only when all of them have been merged. One that came with its directory
    /// from elsewhere is read again with the others, unless none of them has to be.
    /// </summary>
    internal void Settle()
    {
        foreach (FileGroup group in groups.Found)
        {
            if (moved is not null && group.Standing.Count == 0 && group.ToRead.TrueForAll(HasMoved))
            {
                foreach ((int now, int known) in group.ToRead) { TakeOver(now, known, moved.Find(now)); }
            }
            else if (group.ToRead.Count > 0 && pass.Intake.Takes(_node.Listing, group)) { files.Groups.Add(group); }
            else
            {
                foreach ((int now, int known) in group.ToRead) { pass.Intake.Defer(changes, now, known); }
                foreach ((int now, int known) in group.Standing) { Stand(now, known); }
            }
        }
    }

    private bool HasMoved((int Now, int Known) file) => moved!.Find(file.Now) >= 0;

    /// <summary>An entry without content: its metadata is read here and now.</summary>
    private void Record(int now, int known)
    {
        EntryTable listing = _node.Listing;
        ref EntryStat stat = ref listing.Stat(now);
        int fd = (_node.Origins?.Handle(now) ?? handle).Fd;
        byte[]? target = null;
        int errno = stat.Kind == EntryKind.Symlink ? EntryReader.ReadLink(fd, listing.Name(now), out target) : 0;
        if (errno != 0)
        {
            Lose(now, known, ReadFailure.Target(_node, now, errno));
            return;
        }

        errno = EntryReader.ReadXattrsAt(fd, _node.NameOnDisk(now), out Xattr[] xattrs, out UnreadXattrs unread);
        if (errno == Errno.ENOENT)
        {
            Lose(now, known, new Failure(_node.Path(listing.Name(now)), FailedOperation.Metadata, errno, ReadFailure.Of(errno)));
            return;
        }

        listing.Flags(now) = errno == 0 ? EntryFlags.None : EntryFlags.Incomplete;
        if (errno != 0) { _tally.FailSaved(ReadFailure.Xattrs(_node, now, in unread)); }
        else if (stat.Kind != EntryKind.Directory) { _tally.Recover(_node, listing.Name(now)); }

        if (target is not null) { stat.Size = target.Length; }
        ulong mount = stat.Kind == EntryKind.Directory ? _node.MountBelow(now) : 0;
        listing.SetDetails(now, builder.Encode(in stat, _node.MountKeyOf(now), xattrs, symlinkTarget: target, mount: mount));
        if (known >= 0 && EntryEquality.Same(listing, now, _node.Known!, known))
        {
            Unmodified(known, in stat);
            return;
        }

        changes.Set(now, known);
        bool isDirectory = stat.Kind == EntryKind.Directory;
        bool isOfThisRun = changes.IsOfThisRun(known);
        EntryChange change = known < 0 ? EntryChange.New
            : stat.Kind == EntryKind.Symlink && !SameTarget(now, known) ? EntryChange.Changed : EntryChange.Metadata;
        if (!isDirectory)
        {
            ref long counter = ref _tally.MetadataOnly;
            if (change == EntryChange.New) { counter = ref _tally.New; }
            else if (change == EntryChange.Changed) { counter = ref _tally.Changed; }
            if (!_tally.CountChange(_node, known, isOfThisRun, ref counter)) { return; }
        }

        // Whether a directory is new or was moved is known when it is entered.
        if (!isDirectory || (known >= 0 && !(_node.IsAgain && isOfThisRun))) { _tally.Tell(change, _node, listing.Name(now), stat.Kind); }
    }

    /// <summary>There is nothing to save of an entry.</summary>
    private void Lose(int now, int known, Failure failure)
    {
        if (_node.HasSaved(known))
        {
            pass.Seen.Miss(_node);
            _node.StandAs(now, known);
            changes.Keep(known);
            return;
        }

        if (failure.Errno == Errno.ENOENT && pass.Seen.Miss(_node))
        {
            _node.Omit(now);
            changes.Remove(known);
            return;
        }

        _tally.Fail(failure);
        _node.Miss(now, known >= 0);
        changes.Miss(_node.Listing, now);
    }

    private void Unmodified(int known, in EntryStat stat)
    {
        changes.Keep(known);
        if (stat.Kind != EntryKind.Directory) { _tally.CountUnchanged(_node); }
    }

    private bool SameTarget(int now, int known) =>
        DetailsCodec.TryGet(_node.Listing.Details(now), DetailTag.SymlinkTarget, out ReadOnlySpan<byte> target)
        && DetailsCodec.TryGet(_node.Known!.Details(known), DetailTag.SymlinkTarget, out ReadOnlySpan<byte> before)
        && target.SequenceEqual(before);
}
