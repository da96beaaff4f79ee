using Varve.Backup.Commit;
using Varve.Backup.Content;
using Varve.Backup.Packing;
using Varve.Backup.Passes;
using Varve.Backup.Run;
using Varve.Backup.Trees;
using Varve.Model;
using Varve.Model.Bounds;
using Varve.Model.Changes;
using Varve.Platform;
using Varve.Tree.Details;
using Varve.Walk;

namespace Varve.Backup.Read;

/// <summary>
/// Deals with the files of a batch: has each read, unless that can be spared or is put off, and records what came of it. One per worker
/// thread.
/// </summary>
internal sealed class BatchReader(
    BackupPass pass, WorkQueue work, LinkCache links, FileReader reader, GroupReader groups, TreeAssembler assembler)
{
    private readonly RunTally _tally = pass.Tally;
    private readonly Budget? _budget = pass.Intake.Budget;
    private readonly List<CatalogChanges> _changes = []; // of the batch at hand, by directory
    private readonly List<DirectoryNode> _nodes = [];
    private readonly PresentFile? _present = pass.Tally.Progress.NewPresentFile();

    /// <summary>Reads a batch, tells the committer, and counts it off its directories.</summary>
    internal void Process(ReadBatch batch)
    {
        _changes.Clear();
        _nodes.Clear();
        foreach ((DirectoryNode node, _) in batch.Directories)
        {
            _changes.Add(pass.Changes.Rent(node));
            _nodes.Add(node);
        }

        try
        {
            if (batch.Group is { } group) { Process(batch, group, _changes[0]); }
            foreach ((int directory, int now, int known) in batch.Items) { Process(batch, directory, now, known); }
        }
        finally
        {
            _present?.End();
            batch.Release();
        }

        foreach (CatalogChanges changes in _changes) { pass.Changes.Send(changes); }
        work.Return(batch);
        foreach (DirectoryNode node in _nodes) { assembler.PartDone(node); }
    }

    private void Process(ReadBatch batch, int directory, int now, int known)
    {
        CatalogChanges changes = _changes[directory];
        (DirectoryNode node, DirectoryHandle handle) = batch.Directories[directory];
        ref EntryStat stat = ref node.Listing.Stat(now);
        if (links.Find(in stat) is { } details) { Record(changes, now, known, new FileRead(in stat, details)); }
        else if (!pass.Intake.Takes(in stat) || !Fits(batch, directory, now, known)) { pass.Intake.Defer(changes, now, known); }
        else
        {
            FileRead read;
            _present?.Begin(node, node.Listing.Name(now));
            try { read = reader.Read(node, handle.Fd, now, known); }
            catch (BudgetSpentException)
            {
                _budget!.MisfitTried(stat.Size);
                pass.Intake.Defer(changes, now, known);
                return;
            }

            if (read.IsLost) { _budget?.GiveBackFile(stat.Size); }
            Take(changes, now, known, in read);
        }
    }

    /// <summary>
    /// Whether a file fits into the budget, as far as that can be told before it is stored: if it may be found out, or sizes count.
    /// </summary>
    private bool Fits(ReadBatch batch, int directory, int now, int known)
    {
        if (_budget is null) { return true; }
        (DirectoryNode node, DirectoryHandle handle) = batch.Directories[directory];
        long size = node.Listing.Stat(now).Size, read = 0;
        bool fits = _budget.TryTakeFile(size);
        if (fits && batch.IsTried && !_budget.IsOfSizes && _budget.MostOf(size) > _budget.Left)
        {
            fits = !_budget.IsTryingOver && reader.Fits(node, handle.Fd, now, known, _budget, out read);
        }

        if (!fits) { _budget.Misfit(read); }
        return fits;
    }

    /// <summary>Files that belong together: all of them are read, or none.</summary>
    private void Process(ReadBatch batch, FileGroup group, CatalogChanges changes)
    {
        IReadOnlyList<GroupMember>? members = null;
        (DirectoryNode node, DirectoryHandle handle) = batch.Directories[0];
        _present?.Begin(node, node.Listing.Name(group.ToRead[0].Now));
        long size = 0;
        foreach ((int now, int _) in group.ToRead) { size = Saturating.Add(size, node.Listing.Stat(now).Size); }
        if (!pass.Intake.Takes(node.Listing, group)) { /* it is another's */ }
        else if (_budget?.TryTakeFile(size) == false) { _budget.Misfit(0); }
        else
        {
            try { members = groups.Read(node, handle.Fd, group); }
            catch (BudgetSpentException) { _budget!.MisfitTried(size); } // as if there had been none before
        }

        if (members is null)
        {
            foreach ((int now, int known) in group.ToRead) { pass.Intake.Defer(changes, now, known); }
            foreach ((int now, int known) in group.Standing) { Stand(changes, now, known); }
            return;
        }

        bool isAnyThere = members.Any(static m => m.How != GroupMember.Way.Gone);
        foreach (GroupMember member in members)
        {
            if (member.How == GroupMember.Way.Known) { Stand(changes, member.Now, member.Row); }
            else if (member.How == GroupMember.Way.Gone) { Drop(changes, member.Now, member.Row, isAnyThere); }
            else { Take(changes, member.Now, member.Row, member.Read); }
        }
    }

    private void Stand(CatalogChanges changes, int now, int known)
    {
        changes.Keep(known);
        _tally.CountUnchanged(changes.Node);
        _tally.Progress.AddFiles(1, changes.Node.Listing.Stat(now).Size);
    }

    /// <summary>
    /// There was no such file at the moment that the others are of. What was saved of it before is of another moment than theirs; it stands
    /// only if none of them is there.
    /// </summary>
    private void Drop(CatalogChanges changes, int now, int known, bool isAnyThere)
    {
        pass.Seen.Miss(changes.Node);
        if (!isAnyThere && StandsAsSaved(changes, now, known)) { return; }
        changes.Node.Omit(now);
        changes.Remove(known);
        if (known >= 0) { _tally.CountGone(changes.Node, changes.IsOfThisRun(known)); }
    }

    /// <summary>A file was read, or could not be.</summary>
    private void Take(CatalogChanges changes, int now, int known, scoped in FileRead read)
    {
        DirectoryNode node = changes.Node;
        if (read.IsLost && node.Parent is null) { throw RootFailure.Of(pass.Run.Source.Canonical, read.Failure!.Errno); }
        bool isLookedAtAgain = IsRenamed(node, now, in read) && pass.Seen.Miss(node);
        if (read.Failure is not null && !(read.IsLost && isLookedAtAgain)) { _tally.Fail(read.Failure); }
        if (read.Failure is null) { _tally.Recover(node, node.Listing.Name(now)); }
        bool wasTorn = node.HasSaved(known) && (node.Known!.Flags(known) & EntryFlags.Torn) != 0, isTorn = read.Stability == Stability.Torn;
        if (isTorn && !wasTorn) { Interlocked.Increment(ref _tally.Torn); }
        if (wasTorn && !isTorn && !read.IsLost) { Interlocked.Decrement(ref _tally.Torn); }

        if (read.IsLost && StandsAsSaved(changes, now, known)) { return; }
        if (read.IsLost && isLookedAtAgain)
        {
            node.Omit(now);
            changes.Remove(known);
            return;
        }

        if (read.IsLost)
        {
            node.Miss(now, known >= 0);
            changes.Miss(node.Listing, now);
            return;
        }

        if (read.Stability != Stability.Stable) { Record(changes, now, known, in read); }
        else
        {
            Record(changes, now, known,
                new FileRead(in read.Stat, links.Settle(in read.Stat, read.Details), read.Stability, read.Failure) { Found = read.Found });
        }
    }

    /// <summary>What an earlier visit saved under a name is not lost because something else has it by now, or nothing.</summary>
    private static bool StandsAsSaved(CatalogChanges changes, int now, int known)
    {
        if (!changes.Node.HasSaved(known)) { return false; }
        changes.Node.StandAs(now, known);
        changes.Keep(known);
        return true;
    }

    /// <summary>Whether the name stands for nothing, or for something else, than when it was listed.</summary>
    private static bool IsRenamed(DirectoryNode node, int now, scoped in FileRead read) =>
        !read.IsLost ? read.Stat.Inode != node.Listing.Stat(now).Inode
        : read.Failure!.Operation == FailedOperation.Changed || (read.Failure.Operation == FailedOperation.Open
        && read.Failure.Errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.ENXIO);

    private void Record(CatalogChanges changes, int now, int known, scoped in FileRead read)
    {
        DirectoryNode node = changes.Node;
        if (read.Stability != Stability.Stable || pass.Rules.IsDistrusted(node, node.Listing.Name(now), known))
        {
            changes.Note(now, read.Stability);
        }
        lock (node)
        {
            node.Listing.Stat(now) = read.Stat;
            node.Listing.Flags(now) = FlagsOf(read.Stability);
            node.Listing.SetDetails(now, read.Details);
            if (known >= 0 && EntryEquality.Same(node.Listing, now, node.Known!, known))
            {
                _tally.CountUnchanged(node);
                changes.Keep(known);
            }
            else
            {
                Count(changes, now, known, in read);
                changes.Set(now, known);
            }
        }

        _tally.Progress.AddFiles(1, read.Stat.Size);
    }

    private static EntryFlags FlagsOf(Stability stability) => stability switch
    {
        Stability.Torn => EntryFlags.Torn,
        Stability.Moving or Stability.LengthUnknown => EntryFlags.Moving,
        Stability.Incomplete => EntryFlags.Incomplete,
        _ => EntryFlags.None,
    };

    /// <summary>What is read again and has the content it had is no delta, however it was found out.</summary>
    private void Count(CatalogChanges changes, int now, int known, scoped in FileRead read)
    {
        DirectoryNode node = changes.Node;
        if (known >= 0 && EntryEquality.SameButFlags(node.Listing, now, node.Known!, known))
        {
            _tally.CountUnchanged(node);
            return;
        }

        bool isOfThisRun = changes.IsOfThisRun(known);
        if (known >= 0 && node.Known!.Stat(known).Kind == EntryKind.File
            && DetailsCodec.SameContent(node.Known.Details(known), read.Details))
        {
            if (!_tally.CountChange(node, known, isOfThisRun, ref _tally.MetadataOnly)) { return; }
            _tally.Tell(EntryChange.Metadata, node, node.Listing.Name(now), EntryKind.File);
            return;
        }

        if (!_tally.CountChange(node, known, isOfThisRun, ref known < 0 ? ref _tally.New : ref _tally.Changed)) { return; }
        _tally.Tell(known < 0 ? EntryChange.New : EntryChange.Changed, node, node.Listing.Name(now), EntryKind.File);
        _tally.AddDelta(read.Found);
    }
}
