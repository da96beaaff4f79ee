using Varve.App.Invocation;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.History;

namespace Varve.App.Commands.Histories;

/// <summary><c>varve snapshots</c>: all of them, oldest first.</summary>
internal static class SnapshotsCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        string[] tags = values.All(HistorySettings.Tags);
        int? last = values.FindValue(HistorySettings.Last);
        int damaged = 0, shown = 0;
        using Repository repository = context.Open();
        IReadOnlyList<SnapshotInfo> snapshots = repository.SnapshotsOf(values.Filter(), e =>
        {
            damaged++;
            context.Warn(Notice.Of(e));
        });
        if (tags.Length > 0) { snapshots = [.. snapshots.Where(s => s.Snapshot.Private?.Tags.Intersect(tags).Any() == true)]; }
        if (last is { } most) { snapshots = LastOfEach(snapshots, most); }

        Dictionary<ObjectName, FileTime> unchanged = CatalogMaintenance.LastRuns(repository).Where(static r => r.Run.IsSkipped)
            .ToDictionary(static r => r.Run.Object, static r => r.Run.End);
        foreach (SnapshotInfo info in snapshots)
        {
            shown++;
            FileTime? until = unchanged.TryGetValue(info.Name, out FileTime end) ? end : null;
            context.Results.Write(new SnapshotReport(info.Name, info.Snapshot, until, repository.Writer));
        }

        if (shown == 0) { context.Results.Empty(tags.Length > 0 ? "no snapshots with such a tag" : "no snapshots yet"); }
        return damaged > 0 ? Outcome.Incomplete : Outcome.Done;
    }

    private static List<SnapshotInfo> LastOfEach(IReadOnlyList<SnapshotInfo> snapshots, int most)
    {
        HashSet<SnapshotInfo> kept = [.. snapshots.GroupBy(static s => s.Snapshot.HistoryId).SelectMany(g => g.TakeLast(most))];
        return [.. snapshots.Where(kept.Contains)];
    }
}
