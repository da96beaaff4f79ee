using Varve.App.Invocation;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.History.Entries;
using Varve.History;

namespace Varve.App.Commands.Histories;

/// <summary><c>varve unstable</c>: the files that were not seen to hold still.</summary>
internal static class UnstableCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        using Repository repository = context.Open();
        IReadOnlyList<UnstableFile> files = UnstableFiles.List(repository, values.Filter(), context.CancelOnSignal("stopping"));
        if (files.Count == 0) { context.Results.Empty("every file was seen to hold still"); }
        foreach (UnstableFile file in files) { context.Results.Write(new UnstableReport(file)); }
        return Outcome.Done;
    }
}
