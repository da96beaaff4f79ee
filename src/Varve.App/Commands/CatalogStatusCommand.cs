using Varve.App.Invocation;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.History;

namespace Varve.App.Commands;

/// <summary><c>varve catalog status</c>.</summary>
internal static class CatalogStatusCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        using Repository repository = context.Open();
        context.Results.Write(new CatalogStatusReport(CatalogMaintenance.Status(repository)));
        return Outcome.Done;
    }
}
