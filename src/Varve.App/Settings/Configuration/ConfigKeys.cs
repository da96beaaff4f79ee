using Varve.App.Settings.Table;

namespace Varve.App.Settings.Configuration;

/// <summary>The keys of the configuration: those of the table, and those that only give it its shape.</summary>
internal static class ConfigKeys
{
    /// <summary>The list of sources.</summary>
    internal const string Sources = "sources";

    /// <summary>The places of a source.</summary>
    internal const string Roots = "roots";

    /// <summary>A place, where more is said of it.</summary>
    internal const string Path = "path";

    /// <summary>Settings that a source may have, in the order of the table.</summary>
    internal static readonly IReadOnlyList<Setting> Settings = [.. BackupSettings.Command.Settings.Where(static s => s.Key is not null)];

    /// <summary>At the top of the file.</summary>
    internal static readonly string[] OfAll = [.. Settings.Where(static s => s.IsKeyForAll).Select(static s => s.Key!), Sources];

    /// <summary>In a source: name and canonical root, where it lies, then everything else.</summary>
    internal static readonly string[] OfSource =
        [BackupSettings.Source.Key!, BackupSettings.As.Key!, Roots,
        .. Settings.Where(static s => s != BackupSettings.Source && s != BackupSettings.As).Select(static s => s.Key!)];

    /// <summary>In a root that is more than a path.</summary>
    internal static readonly string[] OfRoot = [Path, BackupSettings.As.Key!];
}
