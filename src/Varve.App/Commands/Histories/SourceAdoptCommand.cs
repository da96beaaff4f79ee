using Varve.App.Invocation;
using Varve.App.Output;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;

namespace Varve.App.Commands.Histories;

/// <summary><c>varve source adopt</c>: a source's history goes on at another root, or on this host.</summary>
internal static class SourceAdoptCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        string source = values.ArgumentText(SourceSettings.Which, "the source");
        string? place = values.Argument(SourceSettings.Place);
        byte[]? root = place is null ? null : Texts.Path(place, "the path") is [(byte)'/', ..] path ? path
            : RawArguments.ToBytes(Path.GetFullPath(place));
        using Repository repository = context.Open();
        SourceInfo info = repository.AdoptSource(
            new SourceFilter { Source = source, Host = values.Find(SourceSettings.Host), Writer = values.Find(SourceSettings.Writer) }, root,
            newWriter: values.Find(SourceSettings.NewWriter));
        return context.Conclude(new SourceReport(info,
            $"The history of {NameText.Escape(source)} goes on at {NameText.Escape(info.Root)} on {NameText.Escape(info.Host)}"),
            Outcome.Done);
    }
}
