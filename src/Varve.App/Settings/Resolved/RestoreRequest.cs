using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;

namespace Varve.App.Settings.Resolved;

/// <summary>What a command line of <c>restore</c> asks for.</summary>
internal static class RestoreRequest
{
    /// <summary>
    /// Resolves with the snapshot that <paramref name="find"/> finds for a spec and a source. Everything else is checked before.
    /// </summary>
    internal static RestoreOptions Resolve(SettingValues values, Func<string, string?, SnapshotInfo> find)
    {
        byte[] target = values.Find(RestoreSettings.Target)!;
        SnapshotSpec spec = SnapshotSpec.Parse(values.Argument(HistorySettings.Snapshot));
        string[] includes = values.All(RestoreSettings.Includes), excludes = values.All(RestoreSettings.Excludes);
        int workers = values.Get(RestoreSettings.Workers, 0);
        SnapshotInfo snapshot = find(spec.Snapshot, values.Find(HistorySettings.SourceOfLatest));
        return new RestoreOptions
        {
            Snapshot = snapshot,
            Path = spec.Path is null ? null : SnapshotSpec.Relative(spec.Path, snapshot.Snapshot.Private?.CanonicalRoot ?? []),
            Target = target,
            Includes = includes,
            Excludes = excludes,
            Overwrite = values.Has(RestoreSettings.Overwrite),
            NumericOwner = values.Has(RestoreSettings.NumericOwner),
            Workers = workers,
        };
    }
}
