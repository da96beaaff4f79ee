using Varve.App.Invocation;
using Varve.App.Output;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;

namespace Varve.App.Commands;

/// <summary><c>varve dump</c>: one file to standard output.</summary>
internal static class DumpCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        string first = values.Argument(RestoreSettings.DumpSnapshot)!;
        string? second = values.Argument(RestoreSettings.DumpPath);
        bool isTwice = second is not null && first.AsSpan().ContainsAny(':', '/');
        SnapshotSpec spec = SnapshotSpec.Parse(second is null || isTwice ? first : first + ":" + second);
        if (spec.Path is null || isTwice)
        {
            throw new VarveException(ErrorKind.Usage, Subject.None, spec.Path is null ? "no file is named" : "the file is named twice",
                Advice.NameOneFile);
        }

        using Repository repository = context.Open();
        ChosenSnapshot chosen = context.Choose(repository,
            values.Query(spec.Snapshot, spec.Path));
        using var output = new DumpStream(context.Out);
        repository.ReadFile(chosen.Snapshot, chosen.Path!, output);
        return Outcome.Done;
    }
}
