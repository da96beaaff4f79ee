using Varve.Model;

namespace Varve.Backup;

/// <summary>
/// Which files one pass over the source reads, and what becomes of the others. Thread-safe.
/// <para>An *ordering* pass reads the files of one band of ages and records them; what it does not read it leaves as it is. The *last* pass makes the snapshot: what is not
/// read for want of budget is not in it, like a path that failed, so that no later run can take it for unchanged; it goes to the list of what is still to come.</para>
/// </summary>
internal sealed class Intake(Budget? budget, PendingFiles pending, AgeHistogram? ages, int? band)
{
    internal Budget? Budget => budget;

    internal PendingFiles Pending => pending;

    /// <summary>Not the last pass: directories are not completed.</summary>
    internal bool IsOrdering => band is not null;

    /// <summary>Whether the pass reads a file, as things stand. Empty ones cost nothing.</summary>
    internal bool Takes(in EntryStat stat)
    {
        bool isSpent = budget is { IsSpent: true };
        return band is { } oldest ? !isSpent && ages!.IsWithin(in stat, oldest) : !isSpent || stat.Size == 0;
    }

    /// <summary>Leaves out entry <paramref name="i"/> of a directory, of which <paramref name="k"/> is what was known, or -1.</summary>
    internal void Defer(RunContext run, DirectoryNode node, int i, int k, CatalogChanges changes)
    {
        if (IsOrdering) { return; }
        bool isOfThisRun = k >= 0 && node.Known!.First(k) == run.Running;
        if (!isOfThisRun || !node.Listing.Stat(i).IsSameState(in node.Known!.Stat(k))) { pending.Add(node, i); }
        if (!isOfThisRun)
        {
            node.Omit(i);
            if (k >= 0) { changes.Remove(node.Known!, k, run.Running); }
            // Unread, it stays on the list; if it came with its directory from elsewhere, under its new name.
            if (node.MovedFrom != 0 && run.IsListed(node, node.Listing.Name(i))) { changes.Note(node.Listing, i, Stillness.Moving); }
            return;
        }

        // An earlier pass of this run read it, and it changed since, or may have within the tick. It stood like that at a moment of the run.
        lock (node)
        {
            node.Listing.Stat(i) = node.Known!.Stat(k);
            node.Listing.Flags(i) = node.Known.Flags(k);
            node.Listing.SetDetails(i, node.Known.Details(k));
        }

        changes.Keep(node.Known, k, run.Running);
        Interlocked.Increment(ref run.Tally.Unchanged);
        if (node.Known.Flags(k) == EntryFlags.None) { return; }
        Interlocked.Increment(ref run.Tally.Torn);
        run.Tally.Fail(new Failure(node.Path(node.Listing.Name(i)), FailedOperation.Changed, 0, "changed each time it was read; stored with the flag 'torn'"));
    }
}
