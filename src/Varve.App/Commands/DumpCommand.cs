using Varve.App.Output;
using Varve.App.Settings.Line;
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
        SnapshotSpec spec = SnapshotSpec.Parse(second is null ? first : first + ":" + second);
        if (spec.Path is null || (second is not null && first.Contains(':', StringComparison.Ordinal)))
        {
            throw new VarveException(ErrorKind.Usage, Subject.None, spec.Path is null ? "no file is named" : "the file is named twice",
                Advice.NameOneFile);
        }

        using Repository repository = context.Open();
        SnapshotInfo snapshot = repository.FindSnapshot(spec.Snapshot, values.Find(HistorySettings.SourceOfLatest));
        byte[] path = SnapshotSpec.Relative(spec.Path, snapshot.Snapshot.Private?.CanonicalRoot ?? []);
        using var output = new DumpStream(context.Out);
        repository.ReadFile(snapshot, path, output);
        return Outcome.Done;
    }
}
