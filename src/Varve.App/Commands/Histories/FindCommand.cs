using Varve.App.Invocation;
using Varve.App.Output.Parts;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.Archives.Lists;

namespace Varve.App.Commands.Histories;

/// <summary><c>varve find</c>: every revision of what matches, in all snapshots.</summary>
internal static class FindCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        FindRequest request = FindRequest.Resolve(values, context.Moments);
        ListFormat? format = ListRequest.Format(values, context.Options.Json);
        EntryView view = values.Has(HistorySettings.Null) ? EntryView.Raw : EntryView.Short;
        using Repository repository = context.Open();
        if (format is not null)
        {
            var list = new RevisionList(repository, format.Value, context);
            repository.FindRevisions(request.Pattern, request.Conditions, list.Add, values.Has(FindSettings.IgnoreCase), values.Filter(),
                context.CancelOnSignal("stopping"));
            return list.Finish() > 0 ? Outcome.Incomplete : Outcome.Done;
        }

        repository.FindRevisions(request.Pattern, request.Conditions,
            found => context.Results.Write(new RevisionReport(found, view, repository.Options.Host.Name)),
            values.Has(FindSettings.IgnoreCase), values.Filter(), context.CancelOnSignal("stopping"));
        return Outcome.Done;
    }
}
