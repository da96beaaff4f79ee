using Varve.App.Invocation;
using Varve.App.Output.Parts;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Freeze;
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
        var now = FileTime.From(context.Time.GetUtcNow());
        using Repository repository = context.Open();
        IReadOnlyList<SnapshotInfo> snapshots = repository.SnapshotsOf(values.Filter(), e =>
        {
            damaged++;
            context.Warn(Notice.Of(e));
        });
        if (tags.Length > 0) { snapshots = [.. snapshots.Where(s => s.Snapshot.HasOneOf(tags))]; }
        snapshots = Narrowed(snapshots, values, context.Moments);
        if (last is { } most) { snapshots = LastOfEach(snapshots, most); }
        snapshots = Sorted(snapshots, values.Get(HistorySettings.Order, SortOrder.Time));

        Dictionary<ObjectName, FileTime> unchanged = CatalogMaintenance.LastRuns(repository).Where(static r => r.Run.IsSkipped)
            .ToDictionary(static r => r.Run.Object, static r => r.Run.End);
        foreach (SnapshotInfo info in snapshots)
        {
            shown++;
            FileTime? until = unchanged.TryGetValue(info.Name, out FileTime end) ? end : null;
            context.Results.Write(new SnapshotReport(info.Name, info.Snapshot, until, repository.Writer,
                PinPart.Of(info.Snapshot.Pin, now)));
        }

        if (shown == 0)
        {
            bool isNarrowed = ((Setting[])[HistorySettings.Since, HistorySettings.Until, HistorySettings.Path]).Any(values.IsGiven);
            context.Results.Empty(isNarrowed ? "no such snapshots" : tags.Length > 0 ? "no snapshots with such a tag" : "no snapshots yet");
        }

        return damaged > 0 ? Outcome.Incomplete : Outcome.Done;
    }

    private static List<SnapshotInfo> LastOfEach(IReadOnlyList<SnapshotInfo> snapshots, int most)
    {
        HashSet<SnapshotInfo> kept = [.. snapshots.GroupBy(static s => s.Snapshot.HistoryId).SelectMany(g => g.TakeLast(most))];
        return [.. snapshots.Where(kept.Contains)];
    }

    private static IReadOnlyList<SnapshotInfo> Narrowed(IReadOnlyList<SnapshotInfo> snapshots, SettingValues values, Moments moments)
    {
        var period = Period.Of(values, moments);
        byte[]? path = values.Find(HistorySettings.Path);
        if (period.IsAll && path is null) { return snapshots; }
        return [.. snapshots.Where(s => period.Has(s.Snapshot.Start)
            && (path is null || (s.Snapshot.Private is { } names && Paths.IsAtOrBelow(path, names.CanonicalRoot))))];
    }

    /// <summary>By time as they come; what is equal stays in that order.</summary>
    private static IReadOnlyList<SnapshotInfo> Sorted(IReadOnlyList<SnapshotInfo> snapshots, SortOrder order) => order switch
    {
        SortOrder.Name => [.. snapshots.OrderBy(static s => s.Snapshot.Private?.Source, StringComparer.Ordinal)
            .ThenBy(static s => s.Snapshot.Private?.Host, StringComparer.Ordinal)],
        SortOrder.Size => [.. snapshots.OrderByDescending(static s => s.Snapshot.Counts.Bytes)],
        _ => snapshots,
    };
}
