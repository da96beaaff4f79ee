using Varve.App.Settings.Configuration;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;

namespace Varve.App.Daemon.Watch;

/// <summary>The command lines of runs: what was said to the daemon of configuration, keys and places holds for them too.</summary>
/// <param name="globals">Options that every command takes, with their values, but for the repository.</param>
/// <param name="repository">The repository that is meant when a source says none; null: what the program does by itself.</param>
internal sealed class JobLine(IReadOnlyList<string> globals, string? repository)
{
    /// <summary>That of what was typed.</summary>
    internal static JobLine Of(SettingValues values)
    {
        var globals = new List<string>();
        foreach (Setting setting in GlobalSettings.All)
        {
            if (setting == GlobalSettings.Repository || setting.IsFlag || values.Text(setting) is not { } text) { continue; }
            globals.Add($"{setting.Name}={text}");
        }

        return new JobLine(globals, values.Find(GlobalSettings.Repository));
    }

    /// <summary>The repository that a job works with: as said, or else as typed; null for the program's own choice.</summary>
    internal string? RepositoryOf(string? said) => said ?? repository;

    /// <summary>A backup of a source on the list.</summary>
    internal IReadOnlyList<string> Backup(WatchedSource source) =>
        [.. Backup(source.Name, source.Target.Repository), "--", RawArguments.FromBytes(source.Path)];

    /// <summary>A backup of a configured source.</summary>
    internal IReadOnlyList<string> Backup(SourceConfig source) => Backup(source.Name, source.Target.Repository);

    /// <summary>An archive of paths; <paramref name="hasHooks"/>: the configuration has commands run around it.</summary>
    internal IReadOnlyList<string> Archive(string name, TargetConfig target, SourceRules rules, IEnumerable<byte[]> paths,
        bool hasHooks) =>
    [
        ArchiveSettings.Archive.Path, .. Common(), $"{ArchiveSettings.To.Name}={ArchiveFolder(target.Archive!, name)}",
        .. target.Keep is { } keep ? [Text($"{ArchiveSettings.Keep.Name}={keep}")] : Array.Empty<string>(),
        .. rules.Rules.Select(static r => r.File is { } file ? $"{BackupSettings.ExcludeFrom.Name}={file}"
            : $"{BackupSettings.Excludes.Name}={r.Rule.Pattern}"),
        .. Flag(rules.OneFileSystem, BackupSettings.OneFileSystem), .. Flag(rules.Caches, BackupSettings.Caches),
        .. Flag(rules.NoDump, BackupSettings.NoDump),
        .. rules.LargerThan is { } size ? Each([Text($"{size}")], BackupSettings.LargerThan) : [],
        .. rules.OlderThan is { } older ? Each([older], BackupSettings.OlderThan) : [],
        .. rules.NewerThan is { } newer ? Each([newer], BackupSettings.NewerThan) : [],
        .. Each(rules.IfPresent, BackupSettings.IfPresent), .. Each(rules.IfXattr, BackupSettings.IfXattr),
        .. Each(rules.FileSystemTypes, BackupSettings.FileSystemTypes), .. Each(rules.IgnoreFiles, BackupSettings.IgnoreFiles),
        .. hasHooks ? [$"{ArchiveSettings.HooksOf.Name}={name}"] : Array.Empty<string>(),
        "--", .. paths.Select(static p => RawArguments.FromBytes(p)),
    ];

    /// <summary>What is done in a repository.</summary>
    internal IReadOnlyList<string> In(string command, string? said, params ReadOnlySpan<string> more) =>
        [command, .. Common(), .. Repository(said), .. more];

    /// <summary>What a drill is to do.</summary>
    internal static string[] Drill(DaemonConfig config) =>
    [
        RepositorySettings.Drill.Name,
        .. config.DrillFiles is { } files ? [Text($"{RepositorySettings.DrillFiles.Name}={files}")] : Array.Empty<string>(),
        .. config.DrillSize is { } size ? [Text($"{RepositorySettings.DrillSize.Name}={size}")] : Array.Empty<string>(),
    ];

    /// <summary>The directory of a source's archives.</summary>
    internal static string ArchiveFolder(string root, string name) => Path.Combine(root, name);

    private IReadOnlyList<string> Backup(string name, string? said) =>
        [BackupSettings.Command.Path, .. Common(), .. Repository(said), BackupSettings.SkipIfUnchanged.Name, BackupSettings.Progress.Name,
            $"{BackupSettings.Source.Name}={name}"];

    private string[] Common() => [.. globals, GlobalSettings.Json.Name];

    private string[] Repository(string? said) => RepositoryOf(said) is { } place ? [$"{GlobalSettings.Repository.Name}={place}"] : [];

    private static string[] Flag(bool? value, FlagSetting setting) => value == true ? [setting.Name] : [];

    private static IEnumerable<string> Each(IEnumerable<string> values, Setting setting) =>
        values.Select(value => $"{setting.Name}={value}");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
