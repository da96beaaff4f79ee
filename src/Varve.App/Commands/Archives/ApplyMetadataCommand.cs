using Varve.App.Invocation;
using Varve.App.Output.Lists;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Archives.Lists;
using Varve.Archives.Apply;
using Varve.Service;

namespace Varve.App.Commands.Archives;

/// <summary><c>varve apply-metadata</c>: permissions, owners and times of a list, put back onto files.</summary>
internal static class ApplyMetadataCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        string file = values.ArgumentText(ListSettings.Applied, "the list");
        byte[] target = values.Find(ListSettings.ApplyTarget)
            ?? throw LineErrors.Of(ListSettings.Apply, $"{ListSettings.ApplyTarget.Name} is missing");
        using Stream stream = ListInputs.Open(file);
        ListReader reader = ListInputs.Reader(
            stream, values.FindValue(ListSettings.AppliedFormat), file, values.Has(ListSettings.SkipBadLines), context);
        AppliedList result = LiveTrees.Apply(reader, target, values.Find(ListSettings.Strip) ?? [], context.CancelOnSignal("stopping"));
        ListInputs.SaySkipped(reader.Skipped, file, context);
        return context.Conclude(
            new AppliedReport(target, result, reader.Skipped), result.FailureCount > 0 ? Outcome.Incomplete : Outcome.Done);
    }
}
