using Varve.App.Settings.Table;
using Varve.Freeze;

namespace Varve.App.Settings.Configuration;

/// <summary>
/// What an archive cannot do of what may be said of a source. It is refused, since an archive that is not what somebody said is noticed
/// late.
/// </summary>
internal static class ArchiveLimits
{
    /// <summary>What is wrong with archives of a source with these rules; null: nothing.</summary>
    internal static string? Problem(SourceRules rules)
    {
        string? key = rules.Groups.Count > 0 ? BackupSettings.Groups.Key : rules.Map.Count > 0 ? BackupSettings.Map.Key
            : rules.FileSystemSnapshot is not (null or FreezeMethod.None) ? BackupSettings.FileSystemSnapshot.Key : null;
        return key is null ? null : $"'{key}' does not hold for archives: of a source that has 'archive' it may not be said, nor of all sources";
    }
}
