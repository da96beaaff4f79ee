using Varve.Backup.Run;
using Varve.Backup.Sources;
using Varve.Backup.Unstable;
using Varve.Catalog.Rows;
using Varve.Model;

namespace Varve.Backup;

/// <summary>What a run says to people besides.</summary>
internal static class RunRemarks
{
    /// <summary>Of a source that is one file, what lies beside it and belongs to it is not backed up.</summary>
    internal static void SayWhatBelongsToIt(SourceTree tree, RunRules rules, RunTally tally)
    {
        foreach (SourceLayer layer in tree.Layers.Where(static l => l.Root.Stat.Kind == EntryKind.File))
        {
            if (!new Companions(rules).Of(layer.Root.Parent.Fd, layer.Root.Name, []).Exist()) { continue; }
            tally.Note(new Notice(Subject.Source(layer.Root.RealPath), "is backed up without the files beside it that belong to it", null,
                Advice.NameDirectory));
        }
    }

    /// <summary>No order rests on what a clock showed; but who reads the times of snapshots is misled.</summary>
    internal static void SayClock(Snapshot snapshot, SnapshotRow? parent, byte[] root, RunTally tally)
    {
        if (parent is not null && snapshot.Start < parent.Start)
        {
            tally.Note(new Notice(Subject.Source(root), "has a snapshot of a later time than this: the clock is wrong, or was wrong then",
                null, Advice.CheckClock));
        }

        if (snapshot.End < snapshot.Start)
        {
            tally.Note(new Notice(Subject.Source(root), "has a snapshot now that begins after its end: the clock was set back meanwhile",
                null, Advice.CheckClock));
        }
    }
}
