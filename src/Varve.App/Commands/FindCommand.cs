using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.History;
using Varve.Vault;

namespace Varve.App.Commands;

/// <summary><c>varve find</c>: every revision of what matches, in all snapshots.</summary>
internal static class FindCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        string pattern = values.ArgumentText(HistorySettings.Pattern, "the pattern");
        EntryView view = values.Has(HistorySettings.Null) ? EntryView.Raw : EntryView.Short;
        using Repository repository = context.Open();
        Finder.Run(repository, pattern, values.Has(HistorySettings.IgnoreCase), values.Find(HistorySettings.Source),
            found => context.Results.Write(new RevisionReport(found, view)), context.CancelOnSignal("stopping"));
        return Outcome.Done;
    }
}
