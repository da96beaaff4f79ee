using Varve.App.Invocation;
using Varve.App.Output.Drills;
using Varve.App.Output.Progress;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.Model;
using Varve.Restore;
using Varve.Service;
using Varve.Vault.Snapshots;

namespace Varve.App.Commands;

/// <summary><c>varve verify --drill</c>: do files come back?</summary>
internal static class VerifyCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        if (!values.Has(RepositorySettings.Drill))
        {
            throw new VarveException(ErrorKind.Usage, Subject.Command("verify"), "it has one way to verify so far: --drill", Advice.SeeHelp);
        }

        context.AnswerRequests();
        using Repository repository = context.Open();
        List<SnapshotInfo> snapshots = Snapshots(values, context, repository);
        var options = new DrillOptions
        {
            Scratch = values.Find(RepositorySettings.ScratchDirectory) ?? Path.Combine(context.Options.CacheRoot, "drills"),
            Files = values.Get(RepositorySettings.DrillFiles, 100), Bytes = values.Get(RepositorySettings.DrillSize, 1L << 30),
            Seed = values.Get(RepositorySettings.DrillSeed, Random.Shared.Next()), Workers = values.Get(RestoreSettings.Workers, 0),
        };
        CancellationToken cancellation = context.CancelOnSignal("stopping (again to stop at once)");
        var monitor = new RestoreMonitor { IsWatched = context.DrawsProgress };
        DrillResult result;
        using (context.Progress(() => PositionOf(monitor.Read()))) { result = repository.Drill(snapshots, options, monitor, cancellation); }

        return context.Conclude(new DrillReport(result), result.FaultCount > 0 ? Outcome.Failed : Outcome.Done);
    }

    /// <summary>The one that is named, or else the latest of each source that is meant: of this host, if it has any.</summary>
    private static List<SnapshotInfo> Snapshots(SettingValues values, CommandContext context, Repository repository)
    {
        if (values.Argument(RepositorySettings.Drilled) is { } named)
        {
            ChosenSnapshot chosen = context.Choose(repository, values.Query(values.Spec(named, context.Moments)));
            return chosen.Path is null or [] ? [chosen.Snapshot]
                : throw new VarveException(ErrorKind.Usage, Subject.Request($"'{named}'"), "has a path, and a drill is of whole snapshots");
        }

        var filter = new SourceFilter
        {
            Source = values.Find(SourceSettings.Source), Host = values.Find(SourceSettings.HostOfLatest),
            Writer = values.Find(SourceSettings.Writer),
        };
        void Damaged(VarveException e) => context.Warn(Notice.Of(e));
        IReadOnlyList<SourceInfo> sources = repository.Sources(filter, Damaged);
        string here = repository.Options.Host.Name;
        if (filter.Host is null && sources.Any(s => s.Host == here)) { sources = [.. sources.Where(s => s.Host == here)]; }
        var latest = sources.Select(static s => s.Latest).ToHashSet();
        List<SnapshotInfo> found = [.. repository.SnapshotsOf(filter).Where(s => latest.Contains(s.Name))];
        return found.Count > 0 ? found
            : throw new VarveException(ErrorKind.NotFound, Subject.Repository(context.Options.Repository), "has no snapshot");
    }

    private static Position PositionOf(RestoreProgress p) =>
        new(p.Phase, "files", p.Files, p.Bytes, p.ExpectedFiles, p.ExpectedBytes, p.Failed);
}
