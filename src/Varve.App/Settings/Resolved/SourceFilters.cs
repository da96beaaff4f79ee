using Varve.App.Settings.Line;
using Varve.App.Settings.Table;

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
    internal static SnapshotQuery Query(this SettingValues values, string snapshot, byte[]? path) => new()
    {
        Name = snapshot, Path = path, Source = values.Find(SourceSettings.Source), Host = values.Find(SourceSettings.HostOfLatest),
        Writer = values.Find(SourceSettings.Writer),
    };
}
