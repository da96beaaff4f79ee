using Varve.App.Invocation;
using Varve.App.Output.Retention;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;

namespace Varve.App.Commands.Retention;

/// <summary><c>varve pin</c> and <c>varve unpin</c>: whether snapshots may be forgotten.</summary>
internal static class PinCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        FileTime now = FileTime.From(context.Time.GetUtcNow());
        FileTime? until = values.Find(RetentionSettings.PinnedUntil) is { } text
            ? context.Moments.Parse(text, RetentionSettings.PinnedUntil.Name) : null;
        if (until is { } end && end <= now)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request(RetentionSettings.PinnedUntil.Name), "names a time that is over");
        }

        using Repository repository = context.Open();
        IReadOnlyList<SnapshotInfo> snapshots =
            MarkedSnapshots.Of(RetentionSettings.Pin, values.Arguments(RetentionSettings.Snapshots), values, context, repository);
        return Tell(context, repository.Pin(snapshots, until, values.Find(RetentionSettings.Reason) ?? ""), now);
    }

    internal static Outcome RunUnpin(SettingValues values, CommandContext context)
    {
        using Repository repository = context.Open();
        IReadOnlyList<SnapshotInfo> snapshots =
            MarkedSnapshots.Of(RetentionSettings.Unpin, values.Arguments(RetentionSettings.Snapshots), values, context, repository);
        snapshots = repository.Unpin(snapshots);
        return Tell(context, snapshots, FileTime.From(context.Time.GetUtcNow()));
    }

    private static Outcome Tell(CommandContext context, IReadOnlyList<SnapshotInfo> snapshots, FileTime now)
    {
        Outcome outcome = Outcome.Done;
        foreach (SnapshotInfo info in snapshots) { outcome = context.Conclude(new MarkReport(info, now, isOfTags: false), outcome); }
        return outcome;
    }
}
