using Varve.App.Invocation;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;

namespace Varve.App.Commands;

/// <summary><c>varve stats</c>: what the repository holds.</summary>
internal static class StatsCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        using Repository repository = context.Open();
        context.Results.Write(new StatsReport(repository.Statistics()));
        return Outcome.Done;
    }
}
