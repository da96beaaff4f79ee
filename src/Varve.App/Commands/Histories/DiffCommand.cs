using Varve.App.Invocation;
using Varve.App.Output.Changes;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.History.Differences;

namespace Varve.App.Commands.Histories;

/// <summary><c>varve diff</c>: what is not the same in two snapshots.</summary>
internal static class DiffCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        SnapshotSpec before = SnapshotSpec.Parse(values.Argument(DiffSettings.Before), context.Moments),
            after = SnapshotSpec.Parse(values.Argument(DiffSettings.After), context.Moments);
        byte[]? path = before.Path ?? after.Path;
        if (values.Argument(DiffSettings.Path) is { } typed)
        {
            if (path is not null) { throw new VarveException(ErrorKind.Usage, Subject.None, "a path is named twice", Advice.NameOneFile); }
            path = RawArguments.ToBytes(typed);
        }

        using Repository repository = context.Open();
        ChosenSnapshot first = context.Choose(repository, values.Query(before with { Path = path })),
            second = context.Choose(repository, values.Query(after with { Path = path }));
        IReadOnlyList<Difference> differences = repository.Compare(first.Snapshot, second.Snapshot, second.Path,
            context.CancelOnSignal("stopping"));
        if (!values.Has(DiffSettings.Totals))
        {
            foreach (Difference difference in differences) { context.Results.Write(new DifferenceReport(difference)); }
        }

        context.Results.Write(new DifferenceTotals(differences));
        return Outcome.Done;
    }
}
