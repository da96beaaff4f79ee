using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;

namespace Varve.App.Settings.Resolved;

/// <summary>What a command line of <c>restore</c> asks for.</summary>
internal static class RestoreRequest
{
    /// <summary>
    /// Resolves with the snapshot that <paramref name="find"/> finds. Everything else is checked before.
    /// </summary>
    internal static RestoreOptions Resolve(SettingValues values, Moments moments, Func<SnapshotQuery, ChosenSnapshot> find)
    {
        byte[] target = values.Find(RestoreSettings.Target)!;
        SnapshotSpec spec = values.Spec(values.Argument(HistorySettings.Snapshot), moments);
        string[] includes = Array.ConvertAll(values.All(RestoreSettings.Includes), Texts.FromHere),
            excludes = Array.ConvertAll(values.All(RestoreSettings.Excludes), Texts.FromHere);
        int workers = values.Get(RestoreSettings.Workers, 0);
        ChosenSnapshot chosen = find(values.Query(spec));
        return new RestoreOptions
        {
            Snapshot = chosen.Snapshot,
            Path = chosen.Path,
            Target = target,
            Includes = includes,
            Excludes = excludes,
            Overwrite = values.Has(RestoreSettings.Overwrite),
            NumericOwner = values.Has(RestoreSettings.NumericOwner),
            NoLimits = values.Has(RestoreSettings.NoLimits),
            Workers = workers,
        };
    }
}
