using Varve.Backup.Commit;
using Varve.Backup.Packing;
using Varve.Backup.Run;
using Varve.Model;

namespace Varve.Backup.Passes;

/// <summary>
/// Which files one pass over the source reads, and what becomes of the others. Thread-safe.
/// <para>An *ordering* pass reads the files of one band of ages and records them; what it does not read it leaves as it is, and counts what
/// is older. The *last* pass makes the snapshot: what is not read for want of budget is not in it, like a path that failed, so that no
/// later run can take it for unchanged; it goes to the list of what is still to come.</para>
/// </summary>
/// <param name="rules">What the run goes by.</param>
/// <param name="tally">Counts what stands.</param>
/// <param name="pending">Takes what is still to come.</param>
/// <param name="budget">Null: whatever is to be read is read.</param>
/// <param name="band">Of an ordering pass: what it reads. Null: the last pass.</param>
internal sealed class FileIntake(RunRules rules, RunTally tally, PendingFiles pending, Budget? budget, AgeBand? band)
{
    internal Budget? Budget => budget;

    internal PendingFiles Pending => pending;

    /// <summary>What an ordering pass reads; else null.</summary>
    internal AgeBand? Band => band;

    /// <summary>Not the last pass: directories are not completed.</summary>
    internal bool IsOrdering => band is not null;

    /// <summary>Whether the pass reads a file, as things stand. Empty ones cost nothing.</summary>
    internal bool Takes(in EntryStat stat) =>
        band is not null ? budget is not { IsSpent: true } && band.Has(in stat) : budget is not { IsSpent: true } || stat.Size == 0;

    /// <summary>
    /// The same for files that belong together: all are read in one pass, that of the newest, and none unless there is budget for each.
    /// </summary>
    internal bool Takes(EntryTable listing, FileGroup group)
    {
        if (band is not null) { return budget is not { IsSpent: true } && band.Has(NewestOf(listing, group)); }
        foreach ((int now, int _) in group.ToRead)
        {
            if (!Takes(in listing.Stat(now))) { return false; }
        }

        return true;
    }

    /// <summary>
    /// Leaves out entry <paramref name="now"/> of a directory, of which row <paramref name="known"/> is what was known, or -1.
    /// </summary>
    internal void Defer(CatalogChanges changes, int now, int known)
    {
        DirectoryNode node = changes.Node;
        if (band is not null)
        {
            band.Older.Add(in node.Listing.Stat(now));
            return;
        }

        bool isOfThisRun = changes.IsOfThisRun(known) && !LostCompanions.HasLost(rules.Groups, node, now, known)
            && rules.IsBelievable(node, node.Known!, known);
        if (!isOfThisRun || !node.Listing.Stat(now).IsSameState(in node.Known!.Stat(known))) { pending.Add(node, now); }
        if (!isOfThisRun)
        {
            node.Omit(now);
            changes.Remove(known);
            // Unread, it stays on the list; if it came with its directory from elsewhere, under its new name.
            if (node.MovedFrom != 0 && rules.IsListed(node, node.Listing.Name(now))) { changes.Note(now, Stability.Moving); }
            return;
        }

        // An earlier pass of this run read it, and it changed since, or may have within the tick. It stood like that at a moment of the
        // run.
        node.StandAs(now, known);
        changes.Keep(known);
        tally.CountUnchanged(node);
        if ((node.Known!.Flags(known) & EntryFlags.Torn) == 0) { return; }
        Interlocked.Increment(ref tally.Torn);
        tally.Fail(ReadFailure.Torn(node, now));
    }

    private AgeNumber NewestOf(EntryTable listing, FileGroup group)
    {
        AgeNumber newest = default;
        foreach ((int now, int _) in group.ToRead)
        {
            AgeNumber number = band!.Order.Of(in listing.Stat(now));
            if (newest < number) { newest = number; }
        }

        return newest;
    }
}
