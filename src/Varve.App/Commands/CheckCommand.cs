using Varve.App.Invocation;
using Varve.App.Output;
using Varve.App.Output.Progress;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Maintain.Findings;

namespace Varve.App.Commands;

/// <summary><c>varve check</c>: is everything there and whole?</summary>
internal static class CheckCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        DataShare share = values.Get(RepositorySettings.ReadData, DataShare.All);
        var options = new CheckOptions
        {
            ReadData = values.IsGiven(RepositorySettings.ReadData),
            Percent = share.Percent, Slice = share.Slice, Slices = share.Slices,
            Acknowledge = values.Has(RepositorySettings.Acknowledge),
            Workers = values.Get(RestoreSettings.Workers, 0),
        };
        context.AnswerRequests();
        using Repository repository = context.Open();
        var monitor = new CheckMonitor
        {
            Step = context.Options.Verbose ? step => context.Tell(new CheckStepReport(step)) : null,
        };
        CancellationToken cancellation = context.CancelOnSignal("stopping (again to stop at once)");
        CheckResult result;
        using (context.Progress(() => PositionOf(monitor.Read()))) { result = repository.Check(options, monitor, cancellation); }

        var report = new CheckReport(result, context.Next, Again(result, context.Next));
        return context.Conclude(report, result.DamageCount > 0 ? Outcome.Failed : Outcome.Done);
    }

    /// <summary>A backup of each source of which something is lost, with the repository and key of this check.</summary>
    private static List<string> Again(CheckResult result, NextCommand next)
    {
        var commands = new List<string>();
        foreach (SnapshotInfo info in result.Lacking)
        {
            if (info.Snapshot.Private is not { } source) { continue; }
            bool isMapped = source.FurtherRoots.Count > 0 || !source.RootPath.AsSpan().SequenceEqual(source.CanonicalRoot);
            byte[][] canonical = isMapped ? [source.CanonicalRoot] : [];
            IEnumerable<byte[]> paths = [.. canonical, source.RootPath, .. source.FurtherRoots];
            commands.Add(next.Of([BackupSettings.Command.Path, BackupSettings.Force.Name,
                .. isMapped ? [BackupSettings.As.Name] : Array.Empty<string>(), .. paths.Select(static p => RawArguments.FromBytes(p))]));
        }

        return commands;
    }

    private static Position PositionOf(CheckProgress p)
    {
        var packs = new Position(p.Phase, "packs", p.Packs, p.BytesRead, p.ExpectedPacks, p.ExpectedBytes, p.Damaged);
        bool isInTrees = p.Phase == "trees";
        return (isInTrees ? packs with { Noun = "trees", Items = p.Trees, Bytes = 0, ExpectedItems = p.ExpectedTrees, ExpectedBytes = null }
            : packs) with
        { At = p.At };
    }
}
