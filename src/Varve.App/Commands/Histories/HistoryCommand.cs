using Varve.App.Invocation;
using Varve.App.Output.Changes;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.History.Revisions;

namespace Varve.App.Commands.Histories;

/// <summary><c>varve history</c>: every revision of an entry.</summary>
internal static class HistoryCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        byte[] path = RawArguments.ToBytes(Texts.PathFromHere(values.Argument(EntryHistorySettings.Path)!));
        using Repository repository = context.Open();
        IReadOnlyList<HistoryEntry> entries = repository.EntryHistory(path, values.Filter(), values.Has(EntryHistorySettings.Content),
            values.Has(EntryHistorySettings.Copies), context.CancelOnSignal("stopping"));
        foreach (HistoryEntry entry in entries) { context.Results.Write(new HistoryReport(entry)); }
        return Outcome.Done;
    }
}
