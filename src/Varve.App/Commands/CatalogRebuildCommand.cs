using Varve.App.Invocation;
using Varve.App.Output.Progress;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.History;

namespace Varve.App.Commands;

/// <summary><c>varve catalog rebuild</c>.</summary>
internal static class CatalogRebuildCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        using Repository repository = context.Open();
        int done = 0, all = 0;
        CancellationToken cancellation = context.CancelOnSignal("stopping (again to stop at once)");
        CatalogRebuildResult result;
        using (context.Progress(() => new Position("rebuilding", "snapshots", Volatile.Read(ref done), 0, Volatile.Read(ref all), null, 0)))
        {
            result = CatalogMaintenance.Rebuild(repository, (now, of) =>
            {
                Volatile.Write(ref done, now);
                Volatile.Write(ref all, of);
            }, cancellation, values.Has(RestoreSettings.NoLimits));
        }

        return context.Conclude(new CatalogRebuildReport(repository.CatalogPath, result), Outcome.Done);
    }
}
