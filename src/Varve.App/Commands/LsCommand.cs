using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;

namespace Varve.App.Commands;

/// <summary><c>varve ls</c>: a directory of a snapshot.</summary>
internal static class LsCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        SnapshotSpec spec = SnapshotSpec.Parse(values.Argument(HistorySettings.Snapshot));
        EntryView view = values.Has(HistorySettings.Null) ? EntryView.Raw
            : values.Has(HistorySettings.Long) ? EntryView.Long : EntryView.Short;
        using Repository repository = context.Open();
        SnapshotInfo snapshot = repository.FindSnapshot(spec.Snapshot, values.Find(HistorySettings.SourceOfLatest));
        byte[]? path = spec.Path is null ? null : SnapshotSpec.Relative(spec.Path, snapshot.Snapshot.Private?.CanonicalRoot ?? []);
        if (values.Has(HistorySettings.Pending))
        {
            foreach (PendingFile file in repository.PendingFiles(snapshot)) { context.Results.Write(new PendingReport(file, view)); }
            return Outcome.Done;
        }

        repository.ListEntries(snapshot, path, values.Has(HistorySettings.Recursive),
            entry => context.Results.Write(new EntryReport(entry, view)));
        return Outcome.Done;
    }
}
