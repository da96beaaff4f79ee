using Varve.App.Invocation;
using Varve.App.Output;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Freeze;
using Varve.Model.Snapshots;

namespace Varve.App.Commands.Histories;

/// <summary><c>varve failures</c>: what a snapshot lacks, and why.</summary>
internal static class FailuresCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        SnapshotSpec spec = values.Spec(values.Argument(HistorySettings.FailuresOf), context.Moments);
        using Repository repository = context.Open();
        (SnapshotInfo snapshot, byte[]? path) = context.Choose(repository, values.Query(spec));
        IReadOnlyList<Failure> failures = repository.Failures(snapshot);
        int shown = 0;
        foreach (Failure failure in failures.Where(f => Concerns(f.Path, path)))
        {
            shown++;
            context.Results.Write(new SnapshotFailureReport(failure));
        }

        long more = snapshot.Snapshot.Counts.Failed - failures.Count;
        if (more > 0)
        {
            context.Warn(new Notice(Subject.Snapshot(snapshot.Name), $"has no room to list {Human.Count(more, "more path")} that failed"));
        }

        if (values.Has(HistorySettings.LeftOut)) { shown += ListLeftOut(repository, snapshot, path, context); }
        if (shown == 0 && more <= 0)
        {
            context.Results.Empty(values.Has(HistorySettings.LeftOut) ? "nothing failed, and nothing was left out" : "nothing failed");
        }

        return Outcome.Done;
    }

    private static int ListLeftOut(Repository repository, SnapshotInfo snapshot, byte[]? path, CommandContext context)
    {
        if (snapshot.Snapshot.Counts.LeftOut is not { } counts)
        {
            context.Warn(new Notice(Subject.Snapshot(snapshot.Name), "does not say what was left out: the program that made it did not record it"));
            return 0;
        }

        IReadOnlyList<LeftOutEntry> all = repository.LeftOut(snapshot);
        int shown = 0;
        foreach (LeftOutEntry entry in all.Where(e => Concerns(e.Path, path)))
        {
            shown++;
            context.Results.Write(new SnapshotFailureReport(entry));
        }

        long more = counts.All - all.Count;
        if (more > 0)
        {
            context.Warn(new Notice(Subject.Snapshot(snapshot.Name),
                $"has no room to list {Human.Count(more, "more path")} that were left out, of those that come after the last"));
        }

        return shown;
    }

    /// <summary>Whether what is lacking is at or below a path, or above it, so that the path is lacking too.</summary>
    private static bool Concerns(byte[] lacking, byte[]? path) =>
        path is not { Length: > 0 } asked || lacking.Length == 0
        || Paths.IsAtOrBelow(lacking, asked) || Paths.IsAtOrBelow(asked, lacking);
}
