using Varve.App.Invocation;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;

namespace Varve.App.Commands.Histories;

/// <summary><c>varve source list</c>: all sources, or some.</summary>
internal static class SourceListCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        int damaged = 0;
        using Repository repository = context.Open();
        IReadOnlyList<SourceInfo> sources = repository.Sources(values.Filter(), e =>
        {
            damaged++;
            context.Warn(Notice.Of(e));
        });
        if (sources.Count == 0) { context.Results.Empty("no sources yet"); }
        foreach (SourceInfo info in sources) { context.Results.Write(new SourceReport(info, own: repository.Writer)); }
        return damaged > 0 ? Outcome.Incomplete : Outcome.Done;
    }
}
