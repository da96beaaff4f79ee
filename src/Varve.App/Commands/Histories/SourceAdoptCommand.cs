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
        var filter = new SourceFilter { Source = source, Host = values.Find(SourceSettings.Host), Writer = values.Find(SourceSettings.Writer) };
        if (values.Has(SourceSettings.Undo)) { return TakeBack(values, context, filter, place); }
        byte[]? root = place is null ? null : Texts.Path(place, "the path") is [(byte)'/', ..] path ? path
            : RawArguments.ToBytes(Path.GetFullPath(place));
        using Repository repository = context.Open();
        bool laterToo = values.Has(SourceSettings.LaterToo);
        SourceInfo info = repository.AdoptSource(filter, root, newWriter: values.Find(SourceSettings.NewWriter), laterToo: laterToo);
        if (!laterToo && info.Writer is { } other && other.Uid != info.Lineage.Writer)
        {
            context.Say($"what the key '{other.Label}' saves from now on is a history of its own; with --later-too it belongs to this one");
        }

        return context.Conclude(new SourceReport(info,
            $"The history of {NameText.Escape(source)} goes on at {NameText.Escape(info.Root)} on {NameText.Escape(info.Host)}"),
            Outcome.Done);
    }

    private static Outcome TakeBack(SettingValues values, CommandContext context, SourceFilter filter, string? place)
    {
        if (place is not null || values.Has(SourceSettings.LaterToo) || values.IsGiven(SourceSettings.NewWriter))
        {
            throw LineErrors.Of(SourceSettings.Adopt, "--undo goes with neither PATH nor --to-writer nor --later-too");
        }

        using Repository repository = context.Open();
        SourceInfo info = repository.TakeBackAdoption(filter);
        return context.Conclude(new SourceReport(info,
            $"The history of {NameText.Escape(info.Name)} at {NameText.Escape(info.Root)} on {NameText.Escape(info.Host)} is one of its own again"),
            Outcome.Done);
    }
}
