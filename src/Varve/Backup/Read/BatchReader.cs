using Varve.Backup.Commit;
using Varve.Backup.Content;
using Varve.Backup.Packing;
using Varve.Backup.Passes;
using Varve.Backup.Run;
using Varve.Backup.Trees;
using Varve.Model;

namespace Varve.Backup.Read;

/// <summary>
/// Deals with the files of a batch: has each read, unless that can be spared or is put off, and records what came of it. One per worker
/// thread.
/// </summary>
internal sealed class BatchReader(BackupPass pass, WorkQueue work, LinkCache links, FileReader reader, TreeAssembler assembler)
{
    private readonly RunTally _tally = pass.Tally;

    /// <summary>Reads a batch, tells the committer, and counts it off its directory.</summary>
    internal void Process(ReadBatch batch)
    {
        CatalogChanges changes = pass.Changes.Rent(batch.Node);
        try
        {
            foreach ((int now, int known) in batch.Items) { Process(batch, now, known, changes); }
        }
        finally { batch.Handle.Release(); }

        pass.Changes.Send(changes);
        DirectoryNode node = batch.Node;
        work.Return(batch);
        assembler.PartDone(node);
    }

    private void Process(ReadBatch batch, int now, int known, CatalogChanges changes)
    {
        DirectoryNode node = batch.Node;
        ref EntryStat stat = ref node.Listing.Stat(now);
        if (links.Find(in stat) is { } details) { Record(changes, now, known, new FileRead(in stat, details)); }
        else if (!pass.Intake.Takes(in stat)) { pass.Intake.Defer(changes, now, known); }
        else
        {
            FileRead read;
            try { read = reader.Read(node, batch.Handle.Fd, now, known); }
            catch (BudgetSpentException)
            {
                pass.Intake.Defer(changes, now, known);
                return;
            }

            Take(changes, now, known, in read);
        }
    }

    /// <summary>A file was read, or could not be.</summary>
    private void Take(CatalogChanges changes, int now, int known, scoped in FileRead read)
    {
        DirectoryNode node = changes.Node;
        if (read.IsLost && node.Parent is null) { throw RootFailure.Of(pass.Run.Source.Canonical, read.Failure!.Errno); }
        if (read.Failure is not null) { _tally.Fail(read.Failure); }
        if (read.IsLost)
        {
            node.Omit(now);
            changes.Remove(known);
            return;
        }

        if (read.Stability == Stability.Stable) { links.Remember(read.Stat, read.Details); }
        Record(changes, now, known, in read);
    }

    private void Record(CatalogChanges changes, int now, int known, scoped in FileRead read)
    {
        DirectoryNode node = changes.Node;
        if (read.Stability != Stability.Stable || pass.Rules.Unstable.Contains(node.Id, node.Listing.Name(now)))
        {
            changes.Note(now, read.Stability);
        }
        lock (node)
        {
            node.Listing.Stat(now) = read.Stat;
            node.Listing.Flags(now) = read.Stability == Stability.Torn ? EntryFlags.Torn : EntryFlags.None;
            node.Listing.SetDetails(now, read.Details);
            if (known >= 0 && EntryEquality.Same(node.Listing, now, node.Known!, known))
            {
                Interlocked.Increment(ref _tally.Unchanged);
                changes.Keep(known);
            }
            else
            {
                Count(node, known, in read);
                changes.Set(now, known);
            }
        }

        _tally.Progress.AddFiles(1, read.Stat.Size);
    }

    /// <summary>What is read again and has the content it had is no delta, however it was found out.</summary>
    private void Count(DirectoryNode node, int known, scoped in FileRead read)
    {
        if (known >= 0 && node.Known!.Stat(known).Kind == EntryKind.File
            && DetailsBuilder.SameContent(node.Known.Details(known), read.Details))
        {
            Interlocked.Increment(ref _tally.MetadataOnly);
            return;
        }

        if (known < 0) { Interlocked.Increment(ref _tally.New); }
        else { Interlocked.Increment(ref _tally.Changed); }
        _tally.AddDelta(read.Found);
    }
}
