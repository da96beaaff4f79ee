using Varve.App.Output.Progress;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
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
            }, cancellation);
        }

        context.Results.Write(new CatalogRebuildReport(repository.CatalogPath, result));
        return Outcome.Done;
    }
}
