using Varve.App.Invocation;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;

namespace Varve.App.Commands.Retention;

/// <summary>The snapshots that commands say something of.</summary>
internal static class MarkedSnapshots
{
    /// <summary>Finds those that were typed, at least one.</summary>
    /// <exception cref="VarveException">Usage: none is named. NotFound.</exception>
    internal static IReadOnlyList<SnapshotInfo> Of(
        CommandSpec command, string[] typed, SettingValues values, CommandContext context, Repository repository) =>
        typed.Length == 0 ? throw LineErrors.Of(command, "no snapshot is named")
        : [.. typed.Select(t => context.Choose(repository, values.Query(Whole(t, context.Moments))).Snapshot)];

    /// <summary>A snapshot, without a path in it.</summary>
    /// <exception cref="VarveException">Usage: there is a path.</exception>
    internal static SnapshotSpec Whole(string typed, Moments moments)
    {
        var spec = SnapshotSpec.Parse(typed, moments);
        return spec.Path is null ? spec : throw new VarveException(ErrorKind.Usage, Subject.Request($"'{typed}'"),
            "names a path; a snapshot is meant as a whole", Advice.NameSnapshot);
    }
}
