using Varve.App.Invocation;
using Varve.App.Output;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Vault.Snapshots;

namespace Varve.App.Commands;

/// <summary><c>varve dump</c>: one file to standard output, or a directory as a tar.</summary>
internal static class DumpCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        string first = values.Argument(RestoreSettings.DumpSnapshot)!;
        string? second = values.Argument(RestoreSettings.DumpPath);
        SnapshotSpec spec = values.Spec(first, context.Moments);
        bool isTwice = second is not null && spec.Path is not null;
        if (second is not null && !isTwice) { spec = spec with { Path = RawArguments.ToBytes(second) }; }
        if (spec.Path is null || isTwice)
        {
            throw new VarveException(ErrorKind.Usage, Subject.None, spec.Path is null ? "no file is named" : "the file is named twice",
                Advice.NameOneFile);
        }

        using Repository repository = context.Open();
        ChosenSnapshot chosen = context.Choose(repository, values.Query(spec));
        using var output = new DumpStream(context.Out);
        if (repository.KindAt(chosen.Snapshot, chosen.Path!) != EntryKind.Directory)
        {
            repository.ReadFile(chosen.Snapshot, chosen.Path!, output);
            return Outcome.Done;
        }

        if (context.OutputIsTerminal)
        {
            throw new VarveException(ErrorKind.Usage, Subject.None, "a directory is written as a tar, and not to a terminal",
                Advice.RestoreInstead);
        }

        long left = 0;
        repository.WriteTar(chosen.Snapshot, chosen.Path!, output, failure =>
        {
            left++;
            context.Say(failure);
        });
        return left == 0 ? Outcome.Done : Outcome.Incomplete;
    }
}
