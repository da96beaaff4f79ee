using Varve.App.Output;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;

namespace Varve.App.Commands;

/// <summary><c>varve snapshots</c>: all of them, oldest first.</summary>
internal static class SnapshotsCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        string? source = values.Find(HistorySettings.Source);
        int damaged = 0, shown = 0;
        using Repository repository = context.Open();
        IReadOnlyList<SnapshotInfo> snapshots = repository.Snapshots(e =>
        {
            damaged++;
            context.Warn(Notice.Of(e));
        });

        foreach (SnapshotInfo info in snapshots)
        {
            if (source is not null && info.Snapshot.Private?.Source != source) { continue; }
            if (shown++ == 0) { context.Results.Header(SnapshotReport.Header); }
            context.Results.Write(new SnapshotReport(info.Name, info.Snapshot));
        }

        if (shown == 0) { context.Results.Empty(source is null ? "no snapshots yet" : $"no snapshots of {NameText.Escape(source)}"); }
        return damaged > 0 ? Outcome.Incomplete : Outcome.Done;
    }
}
