using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.History;

namespace Varve.App.Commands;

/// <summary><c>varve unstable</c>: the files that did not hold still.</summary>
internal static class UnstableCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        string? source = values.Find(HistorySettings.Source);
        using Repository repository = context.Open();
        IReadOnlyList<UnstableFile> files = UnstableFiles.List(repository, source, context.CancelOnSignal("stopping"));
        if (files.Count == 0) { context.Results.Empty("every file held still"); }
        else { context.Results.Header(UnstableReport.Header); }
        foreach (UnstableFile file in files) { context.Results.Write(new UnstableReport(file)); }
        return Outcome.Done;
    }
}
