using Varve.App.Output.Progress;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;

namespace Varve.App.Commands;

/// <summary><c>varve check</c>: is everything there and whole?</summary>
internal static class CheckCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        var options = new CheckOptions
        {
            ReadData = values.IsGiven(RepositorySettings.ReadData),
            Percent = values.Get(RepositorySettings.ReadData, 100),
            Workers = values.Get(RestoreSettings.Workers, 0),
        };
        using Repository repository = context.Open();
        var monitor = new CheckMonitor();
        CancellationToken cancellation = context.CancelOnSignal("stopping (again to stop at once)");
        CheckResult result;
        using (context.Progress(() => PositionOf(monitor.Read()))) { result = repository.Check(options, monitor, cancellation); }

        context.Results.Write(new CheckReport(result));
        return result.DamageCount > 0 ? Outcome.Failed : Outcome.Done;
    }

    private static Position PositionOf(CheckProgress p) =>
        new(p.Phase, "trees", p.Trees, p.BytesRead, null, p.ExpectedBytes, 0);
}
