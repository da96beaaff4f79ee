using Varve.App.Invocation;
using Varve.App.Output;
using Varve.App.Output.Parts;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;

namespace Varve.App.Commands.Histories;

/// <summary><c>varve ls</c>: a directory of a snapshot.</summary>
internal static class LsCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        SnapshotSpec spec = values.Spec(values.Argument(HistorySettings.Snapshot), context.Moments);
        EntryView view = values.Has(HistorySettings.Null) ? EntryView.Raw
            : values.Has(HistorySettings.Long) ? EntryView.Long : EntryView.Short;
        using Repository repository = context.Open();
        (SnapshotInfo snapshot, byte[]? path) = context.Choose(repository, values.Query(spec));
        if (values.Has(HistorySettings.Pending))
        {
            foreach (PendingFile file in repository.PendingFiles(snapshot)) { context.Results.Write(new PendingReport(file, view)); }
            return Outcome.Done;
        }

        long failed = 0;
        repository.ListEntries(snapshot, path, values.Has(HistorySettings.Recursive),
            entry => context.Results.Write(new EntryReport(entry, view)), failure =>
            {
                if (failed++ < FailureText.Printed) { context.Say(failure); }
            }, values.Has(RestoreSettings.NoLimits));
        context.SayMore(failed - FailureText.Printed);
        return failed > 0 ? Outcome.Incomplete : Outcome.Done;
    }
}
