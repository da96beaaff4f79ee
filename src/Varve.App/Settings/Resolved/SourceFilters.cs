using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Vault.Snapshots;

namespace Varve.App.Settings.Resolved;

/// <summary>Which sources a command line means.</summary>
internal static class SourceFilters
{
    /// <summary>What a command says that lists.</summary>
    internal static SourceFilter Filter(this SettingValues values) => new()
    {
        Source = values.Find(SourceSettings.Source), Host = values.Find(SourceSettings.Host), Writer = values.Find(SourceSettings.Writer),
    };

    /// <summary>What a command says that takes one snapshot.</summary>
    internal static SnapshotQuery Query(this SettingValues values, SnapshotSpec spec) => new()
    {
        Name = spec.Snapshot, Back = spec.Back, NotAfter = spec.NotAfter, Path = spec.Path,
        Source = values.Find(SourceSettings.Source), Host = values.Find(SourceSettings.HostOfLatest),
        Writer = values.Find(SourceSettings.Writer), Tags = values.All(HistorySettings.TagsOfLatest),
    };

    /// <summary>
    /// The snapshot, and what of it, that an argument names; with <c>--at</c> that names a path alone, which may begin where the command
    /// was typed.
    /// </summary>
    internal static SnapshotSpec Spec(this SettingValues values, string? typed, Moments moments)
    {
        if (values.Text(HistorySettings.At) is not { } text) { return SnapshotSpec.Parse(typed, moments); }
        FileTime at = moments.Parse(text, HistorySettings.At.Name);
        if (typed is null or "" or ['/', ..])
        {
            return SnapshotSpec.At(at, string.IsNullOrEmpty(typed) ? null : RawArguments.ToBytes(typed));
        }

        bool isSnapshot = typed == SnapshotQuery.Latest || typed.StartsWith(SnapshotQuery.Latest + ":", StringComparison.Ordinal)
            || typed.StartsWith(SnapshotQuery.Latest + "~", StringComparison.Ordinal);
        return !isSnapshot ? SnapshotSpec.At(at, RawArguments.ToBytes(Texts.PathFromHere("./" + typed)))
            : throw new VarveException(ErrorKind.Usage, Subject.Request(HistorySettings.At.Name),
                "says which snapshot: only a path goes with it");
    }
}
