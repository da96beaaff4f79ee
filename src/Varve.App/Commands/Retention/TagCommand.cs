using Varve.App.Invocation;
using Varve.App.Output.Retention;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;

namespace Varve.App.Commands.Retention;

/// <summary><c>varve tag</c>: the tags of a snapshot.</summary>
internal static class TagCommand
{
    internal static Outcome RunAdd(SettingValues values, CommandContext context) => Run(RetentionSettings.AddTags, values, context,
        static (repository, snapshots, tags) => repository.ChangeTags(snapshots, [], tags));

    internal static Outcome RunRemove(SettingValues values, CommandContext context) => Run(RetentionSettings.RemoveTags, values, context,
        static (repository, snapshots, tags) => repository.ChangeTags(snapshots, tags, []));

    internal static Outcome RunSet(SettingValues values, CommandContext context) => Run(RetentionSettings.SetTags, values, context,
        static (repository, snapshots, tags) => repository.SetTags(snapshots, tags));

    private static Outcome Run(CommandSpec command, SettingValues values, CommandContext context,
        Func<Repository, IReadOnlyList<SnapshotInfo>, IReadOnlyList<string>, IReadOnlyList<SnapshotInfo>> change)
    {
        string[] tags = [.. values.Arguments(RetentionSettings.Tags).Select(static t => Texts.NotEmpty(t, "a tag")).Distinct()];
        if (tags.Length == 0 && command != RetentionSettings.SetTags) { throw LineErrors.Of(command, "no tag is named"); }
        using Repository repository = context.Open();
        IReadOnlyList<SnapshotInfo> snapshots =
            MarkedSnapshots.Of(command, [values.Argument(RetentionSettings.Which)!], values, context, repository);
        var now = FileTime.From(context.Time.GetUtcNow());
        return context.Conclude(new MarkReport(change(repository, snapshots, tags)[0], now, isOfTags: true), Outcome.Done);
    }
}
