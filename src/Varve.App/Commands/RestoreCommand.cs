using Varve.App.Output.Progress;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.Restore;

namespace Varve.App.Commands;

/// <summary><c>varve restore</c>: a snapshot, or what lies below a path of it, into a directory.</summary>
internal static class RestoreCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        new Thread(RestoreRunner.Prepare) { Name = "varve-prepare", IsBackground = true }.Start();
        Repository? repository = null;
        try
        {
            RestoreOptions options = RestoreRequest.Resolve(values,
                (spec, source) => (repository = context.Open()).FindSnapshot(spec, source));
            return Run(repository!, options, context);
        }
        finally { repository?.Dispose(); }
    }

    private static Outcome Run(Repository repository, RestoreOptions options, CommandContext context)
    {
        var monitor = new RestoreMonitor();
        CancellationToken cancellation = context.CancelOnSignal("stopping (again to stop at once)");
        RestoreResult result;
        using (context.Progress(() => PositionOf(monitor.Read()))) { result = repository.Restore(options, monitor, cancellation); }

        context.Results.Write(new RestoreReport(options, result));
        return result.FailureCount > 0 ? Outcome.Incomplete : Outcome.Done;
    }

    private static Position PositionOf(RestoreProgress p) =>
        new(p.Phase, "files", p.Files, p.Bytes, p.ExpectedFiles, p.ExpectedBytes, p.Failed);
}
