using Varve.App.Invocation;
using Varve.App.Output;
using Varve.App.Output.Changes;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.History;
using Varve.History.Differences;
using Varve.Vault.Snapshots;

namespace Varve.App.Commands.Histories;

/// <summary><c>varve diff</c>: what is not the same in two snapshots, or in a snapshot and files.</summary>
internal static class DiffCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        SnapshotSpec before = SnapshotSpec.Parse(values.Argument(DiffSettings.Before), context.Moments);
        if (values.Argument(DiffSettings.After) is null) { return CompareWithFiles(values, context, before); }
        if (values.Has(DiffSettings.Content) || values.IsGiven(DiffSettings.With))
        {
            throw LineErrors.Of(DiffSettings.Command, "--content and --with go with one snapshot, which is compared with files");
        }

        SnapshotSpec after = SnapshotSpec.Parse(values.Argument(DiffSettings.After), context.Moments);
        if (values.Argument(DiffSettings.Path) is { } typed)
        {
            if (before.Path is not null || after.Path is not null) { throw Twice(); }
            before = before with { Path = RawArguments.ToBytes(Texts.PathFromHere(typed)) };
        }

        // A path of one of the two is of both.
        (byte[]? first, byte[]? second) = (before.Path ?? after.Path, after.Path ?? before.Path);
        using Repository repository = context.Open();
        ChosenSnapshot one = context.Choose(repository, values.Query(before with { Path = first })),
            other = context.Choose(repository, values.Query(after with { Path = second }));
        if (!(one.Path ?? []).AsSpan().SequenceEqual(other.Path ?? [])) { throw Twice(); }
        IReadOnlyList<Difference> differences =
            repository.Compare(one.Snapshot, other.Snapshot, other.Path, context.CancelOnSignal("stopping"));
        if (!values.Has(DiffSettings.Totals))
        {
            foreach (Difference difference in differences) { context.Results.Write(new DifferenceReport(difference)); }
        }

        context.Results.Write(new DifferenceTotals(one.Snapshot.Name, other.Snapshot.Name, differences));
        return Outcome.Done;
    }

    private static Outcome CompareWithFiles(SettingValues values, CommandContext context, SnapshotSpec spec)
    {
        byte[]? directory = values.Find(DiffSettings.With);
        using Repository repository = context.Open();
        ChosenSnapshot chosen = context.Choose(repository, values.Query(spec));
        long failed = 0;
        LiveComparisonResult result = repository.CompareWithTree(chosen.Snapshot, chosen.Path, directory, values.Has(DiffSettings.Content),
            failure =>
            {
                if (failed++ < FailureText.Printed) { context.Say(failure); }
            }, context.CancelOnSignal("stopping"));
        context.SayMore(failed - FailureText.Printed);
        if (!values.Has(DiffSettings.Totals))
        {
            foreach (Difference difference in result.Differences) { context.Results.Write(new DifferenceReport(difference)); }
        }

        context.Results.Write(new DifferenceTotals(chosen.Snapshot.Name, null, result.Differences, result.LeftOut));
        return failed > 0 ? Outcome.Incomplete : Outcome.Done;
    }

    private static VarveException Twice() => new(ErrorKind.Usage, Subject.None,
        "two paths are named that are not the same in their sources; one path of both snapshots is compared");
}
