using Varve.App.Settings.Configuration;
using Varve.App.Settings.Line;
using Varve.App.Settings.Resolved;
using Varve.Backup;

namespace Varve.Tests.App.Settings;

/// <summary>Command lines as typed.</summary>
internal static class Typed
{
    /// <summary>What was typed; errors in the line are nobody's matter here.</summary>
    internal static SettingValues Line(params string[] args) => CommandLine.Parse(args).Values;

    /// <summary>The runs of <c>varve backup</c>.</summary>
    internal static IReadOnlyList<BackupOptions> Backup(ConfigFile? config, params string[] args) =>
        BackupRequest.Resolve(Line(["backup", .. args]), config);

    /// <summary>The runs of <c>varve --profile NAME backup</c>.</summary>
    internal static IReadOnlyList<BackupOptions> Backup(ConfigFile config, ProfileConfig profile, params string[] args) =>
        BackupRequest.Resolve(Line(["backup", .. args]), config, profile);
}
