using Varve.App.Invocation;
using Varve.App.Output.Progress;
using Varve.App.Output.Pruning;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Maintain.Prune;

namespace Varve.App.Commands;

/// <summary><c>varve prune</c>: what no snapshot needs goes.</summary>
internal static class PruneCommand
{
    private const double DefaultUnused = 5;

    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        bool isUndo = values.Has(RepositorySettings.PruneUndo);
        Setting? other = RepositorySettings.Prune.Settings.FirstOrDefault(s => s != RepositorySettings.PruneUndo && values.IsGiven(s));
        if (isUndo && other is not null)
        {
            throw new VarveException(
                ErrorKind.Usage, Subject.Request(RepositorySettings.PruneUndo.Name), $"contradicts {other.Name}", Advice.GiveOne);
        }

        UnusedLimit unused = values.Get(RepositorySettings.MaxUnused, new UnusedLimit(DefaultUnused, null));
        var options = new PruneOptions
        {
            MaxUnusedPercent = unused.Percent, MaxUnusedBytes = unused.Bytes,
            MaxRepackBytes = values.IsGiven(RepositorySettings.MaxRepack) ? values.Get(RepositorySettings.MaxRepack, 0L) : null,
            DryRun = values.Has(RepositorySettings.PruneDryRun), KeepFor = values.Get(RepositorySettings.KeepFor, TimeSpan.Zero),
            Wait = values.Has(RepositorySettings.PruneWait),
        };
        context.AnswerRequests();
        using Repository repository = context.Open();
        CancellationToken cancellation = context.CancelOnSignal("stopping; the next prune carries on (again to stop at once)");
        if (isUndo) { return context.Conclude(new PruneUndoneReport(repository.UndoPrune(cancellation)), Outcome.Done); }
        var monitor = new PruneMonitor();
        PruneResult result;
        using (context.Progress(() => PositionOf(monitor.Read()))) { result = repository.Prune(options, monitor, cancellation); }
        return context.Conclude(new PruneReport(result, context.Next), Outcome.Done);
    }

    private static Position PositionOf(PruneProgress p) => p.Phase == "copying"
        ? new Position(p.Phase, "packs", p.Packs, p.BytesCopied, p.ExpectedPacks, null, 0)
        : new Position(p.Phase, "trees", p.Trees, 0, null, null, 0);
}
