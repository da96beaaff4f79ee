using Varve.App.Invocation;
using Varve.App.Output;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;

namespace Varve.App.Commands.Histories;

/// <summary><c>varve source rename</c>: another name for a source.</summary>
internal static class SourceRenameCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        string source = values.ArgumentText(SourceSettings.Which, "the source");
        string name = Texts.NotEmpty(values.Argument(SourceSettings.NewName)!, "the name");
        using Repository repository = context.Open();
        SourceInfo info = repository.RenameSource(new SourceFilter
        {
            Source = source, Host = values.Find(SourceSettings.HostOfLatest), Writer = values.Find(SourceSettings.Writer),
        }, name);
        return context.Conclude(new SourceReport(info, $"Source {NameText.Escape(source)} is called {NameText.Escape(name)} from now on"),
            Outcome.Done);
    }
}
