using Varve.App.Invocation;
using Varve.App.Output;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Freeze;

namespace Varve.App.Commands;

/// <summary><c>varve failures</c>: what a snapshot lacks, and why.</summary>
internal static class FailuresCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        SnapshotSpec spec = SnapshotSpec.Parse(values.Argument(HistorySettings.FailuresOf));
        using Repository repository = context.Open();
        (SnapshotInfo snapshot, byte[]? path) = context.Choose(repository,
            values.Query(spec.Snapshot, spec.Path));
        IReadOnlyList<Failure> failures = repository.Failures(snapshot);
        int shown = 0;
        foreach (Failure failure in failures.Where(f => Concerns(f, path)))
        {
            shown++;
            context.Results.Write(new SnapshotFailureReport(failure));
        }

        long more = snapshot.Snapshot.Counts.Failed - failures.Count;
        if (more > 0)
        {
            context.Warn(new Notice(Subject.Snapshot(snapshot.Name), $"has no room to list {Human.Count(more, "more path")} that failed"));
        }

        if (shown == 0 && more <= 0) { context.Results.Empty("nothing failed"); }
        return Outcome.Done;
    }

    /// <summary>Whether a failure is of something at or below a path, or above it, so that the path is lacking too.</summary>
    private static bool Concerns(Failure failure, byte[]? path) =>
        path is not { Length: > 0 } asked || failure.Path.Length == 0
        || Paths.IsAtOrBelow(failure.Path, asked) || Paths.IsAtOrBelow(asked, failure.Path);
}
