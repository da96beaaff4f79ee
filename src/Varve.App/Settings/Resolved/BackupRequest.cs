using Varve.App.Settings.Configuration;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;

namespace Varve.App.Settings.Resolved;

/// <summary>What a command line of <c>backup</c> asks for.</summary>
internal static class BackupRequest
{
    /// <summary>
    /// The runs: see <see cref="BackupPlan"/>. <paramref name="checkpointSeconds"/> is <see cref="Variables.CheckpointSeconds"/>.
    /// </summary>
    internal static IReadOnlyList<BackupOptions> Resolve(SettingValues values, ConfigFile? config, string? checkpointSeconds = null)
    {
        if (values.Has(BackupSettings.NoDelta) && (values.IsGiven(BackupSettings.DeltaFrom) || values.IsGiven(BackupSettings.DeltaLimit)))
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request("--no-delta"), "contradicts --delta-from and --delta-limit",
                Advice.GiveOne);
        }

        var common = new BackupOptions
        {
            RootPath = [],
            Source = values.Find(BackupSettings.Source),
            Tags = values.All(BackupSettings.Tags),
            Excludes = values.All(BackupSettings.Excludes),
            OneFileSystem = values.Has(BackupSettings.OneFileSystem),
            IgnoreInode = values.Has(BackupSettings.IgnoreInode),
            IgnoreCtime = values.Has(BackupSettings.IgnoreCtime),
            Force = values.Has(BackupSettings.Force),
            NewestFirst = values.Has(BackupSettings.NewestFirst),
            Budget = values.FindValue(BackupSettings.Budget),
            CompressionLevel = values.Get(BackupSettings.Compression, 3),
            Workers = values.Get(BackupSettings.Workers, 0),
            SpoolDirectory = values.Find(BackupSettings.SpoolDirectory),
            SpoolLimit = values.Get(BackupSettings.SpoolLimit, BackupOptions.DefaultSpoolLimit),
            Delta = !values.Has(BackupSettings.NoDelta),
            DeltaFrom = values.Get(BackupSettings.DeltaFrom, BackupOptions.DefaultDeltaFrom),
            DeltaLimit = values.Get(BackupSettings.DeltaLimit, BackupOptions.DefaultDeltaLimit),
            CheckpointInterval = Interval(checkpointSeconds),
        };
        return BackupPlan.Make(common, values.Arguments(BackupSettings.Paths), values.Find(BackupSettings.As),
            values.FindValue(BackupSettings.FileSystemSnapshot), config);
    }

    /// <summary>
    /// The configuration that the option or the variable names, or else the default one if it exists; null if there is none.
    /// </summary>
    internal static ConfigFile? Configuration(SettingValues values, Func<string, string?> environment) => ConfigReader.Find(
        GlobalOptions.Find(values, BackupSettings.Config, environment),
        GlobalOptions.DefaultIn(environment, "XDG_CONFIG_HOME", ".config", "config.yaml"));

    private static TimeSpan Interval(string? seconds) =>
        TimeSpan.FromSeconds(seconds is null ? 60 : Numbers.Whole(1, 3600)(seconds, Variables.CheckpointSeconds));
}
