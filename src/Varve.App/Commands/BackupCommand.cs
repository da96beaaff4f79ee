using Varve.App.Output.Progress;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;

namespace Varve.App.Commands;

/// <summary><c>varve backup</c>: a snapshot of each source.</summary>
internal static class BackupCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        IReadOnlyList<BackupOptions> runs = BackupRequest.Resolve(
            values, BackupRequest.Configuration(values, context.Environment), context.Environment(Variables.CheckpointSeconds));
        using Repository repository = OpenOrCreate(context);
        Outcome worst = Outcome.Done;
        long used = 0; // the budget is one for all paths
        foreach (BackupOptions run in runs)
        {
            Outcome outcome;
            try
            {
                outcome = RunOne(repository, run.Budget is { } budget ? run with { Budget = budget - used } : run, context,
                    values.Has(BackupSettings.Progress), ref used);
            }
            catch (VarveException e) when (e.Kind == ErrorKind.NotFound && runs.Count > 1)
            {
                // A source that is not there must not keep the others from being saved.
                context.Report(e);
                outcome = Outcome.Failed;
            }

            worst = outcome > worst ? outcome : worst;
        }

        return worst;
    }

    private static Outcome RunOne(Repository repository, BackupOptions options, CommandContext context, bool progress, ref long used)
    {
        var monitor = new BackupMonitor();
        CancellationToken cancellation = context.CancelOnSignal(
            "stopping; what is stored is kept, the next backup goes on from there (again to stop at once)");
        BackupResult result;
        using (context.Progress(() => PositionOf(monitor.Read()), progress ? () => Tell(context, monitor.Read()) : null))
        {
            result = repository.Backup(options, monitor, cancellation);
        }

        used += result.BudgetUsed;
        context.Results.Write(new BackupReport(result));
        context.Results.Flush(); // The next path may take hours.
        return result.FailureCount > 0 ? Outcome.Incomplete : Outcome.Done;
    }

    private static void Tell(CommandContext context, BackupProgress progress)
    {
        context.Results.Write(new ProgressReport(progress));
        context.Results.Flush();
    }

    private static Repository OpenOrCreate(CommandContext context)
    {
        if (!context.Options.IsDefaultRepository || Repository.Exists(new RepositoryLocation(context.Options.Repository)))
        {
            return context.Open();
        }

        Repository repository = context.Create(context.DefaultKeyFile, label: null);
        context.Results.Write(new CreatedReport(context.Options.Repository, context.CreatedKeyFile));
        context.Results.Flush();
        return repository;
    }

    private static Position PositionOf(BackupProgress p) =>
        new(p.Phase, "files", p.Files, p.Bytes, p.ExpectedFiles, p.ExpectedBytes, p.Failed);
}
