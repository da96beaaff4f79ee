using Varve.App.Settings.Configuration;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Model.Paths;
using Varve.Model.Snapshots;

namespace Varve.App.Settings.Resolved;

/// <summary>What a command line of <c>backup</c> asks for.</summary>
internal static class BackupRequest
{
    private const int DefaultCompression = 3;

    /// <summary>
    /// The runs: see <see cref="BackupPlan"/>. Each has the budget that its source has by itself; the one of the command line is for all
    /// of them together. <paramref name="checkpointSeconds"/> is <see cref="Variables.CheckpointSeconds"/>.
    /// </summary>
    internal static IReadOnlyList<BackupOptions> Resolve(
        SettingValues values, ConfigFile? config, ProfileConfig? profile = null, string? checkpointSeconds = null, Moments? moments = null,
        NoScanList? noScan = null)
    {
        if (values.Has(BackupSettings.NoDelta) && (values.IsGiven(BackupSettings.DeltaFrom) || values.IsGiven(BackupSettings.DeltaLimit)))
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request("--no-delta"), "contradicts --delta-from and --delta-limit",
                Advice.GiveOne);
        }

        if (values.IsGiven(BackupSettings.NewestBy) && !values.Has(BackupSettings.NewestFirst))
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request("--newest-by"), "is for --newest-first, which is not given");
        }

        var common = new BackupOptions
        {
            RootPath = [],
            Source = values.Find(BackupSettings.Source),
            SkipIfUnchanged = values.Has(BackupSettings.SkipIfUnchanged),
            Force = values.Has(BackupSettings.Force),
            NewestFirst = values.Has(BackupSettings.NewestFirst),
            NewestByCtime = values.Get(BackupSettings.NewestBy, false),
            CompressionLevel = DefaultCompression,
            Workers = values.Get(BackupSettings.Workers, 0),
            SpoolDirectory = values.Find(BackupSettings.SpoolDirectory),
            SpoolLimit = values.Get(BackupSettings.SpoolLimit, BackupOptions.DefaultSpoolLimit),
            Delta = !values.Has(BackupSettings.NoDelta),
            DeltaFrom = values.Get(BackupSettings.DeltaFrom, BackupOptions.DefaultDeltaFrom),
            DeltaLimit = values.Get(BackupSettings.DeltaLimit, BackupOptions.DefaultDeltaLimit),
            CheckpointInterval = Interval(checkpointSeconds),
        };
        string[] paths = values.Arguments(BackupSettings.Paths);
        bool isStream = values.IsGiven(BackupSettings.StdinFrom);
        byte[]? mapped = values.Find(BackupSettings.As);
        if (isStream)
        {
            RequireStreamAlone(values, paths, mapped);
            // A name alone is a file of the root directory.
            if (mapped![0] != (byte)'/') { mapped = [(byte)'/', .. mapped]; }
            paths = [RawArguments.FromBytes(mapped)];
        }

        if (mapped is not null) { mapped = CanonicalPaths.Normalize(mapped, BackupSettings.As.Name); }
        IReadOnlyList<BackupOptions> runs = new BackupPlan(common, Rules(values), config, profile, moments, noScan).Make(paths, mapped);
        if (values.IsGiven(BackupSettings.BudgetBy) && !values.IsGiven(BackupSettings.Budget) && runs.All(static r => r.Budget is null))
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request("--budget-by"), "is for a budget, and there is none");
        }

        return runs;
    }

    private static void RequireStreamAlone(SettingValues values, string[] paths, byte[]? mapped)
    {
        if (mapped is null)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request(BackupSettings.StdinFrom.Name),
                $"needs {BackupSettings.As.Name} NAME, the file that it becomes");
        }

        Setting[] others =
        [
            BackupSettings.DryRun, BackupSettings.NewestFirst, BackupSettings.Budget, BackupSettings.FileSystemSnapshot,
            ListSettings.FilesFrom, ListSettings.FilesFrom0,
        ];
        string? other = paths.Length > 0 ? "a PATH" : Array.Find(others, values.IsGiven)?.Name;
        if (other is null) { return; }
        throw new VarveException(ErrorKind.Usage, Subject.Request(BackupSettings.StdinFrom.Name),
            $"saves one file: {other} does not go with it");
    }

    /// <summary>What a backup of a path would walk, by which rules: see <see cref="Resolve"/>.</summary>
    internal static IReadOnlyList<BackupOptions> OfWalk(
        SettingValues values, string path, ConfigFile? config, ProfileConfig? profile, Moments moments, NoScanList? noScan) =>
        new BackupPlan(new BackupOptions { RootPath = [] }, Rules(values), config, profile, moments, noScan).Make([path], mapped: null);

    /// <summary>
    /// The sources of the configuration that were asked for, and that something is wrong with. None if paths are given: those are what is
    /// backed up.
    /// </summary>
    internal static IReadOnlyList<(string? Name, VarveException Error)> Wrong(
        SettingValues values, ConfigFile? config, ProfileConfig? profile)
    {
        if (config is null || values.Arguments(BackupSettings.Paths).Length > 0 || values.IsGiven(BackupSettings.As)) { return []; }
        return ChosenSources.Of(config, profile, values.Find(BackupSettings.Source)).Wrong;
    }

    /// <summary>What the command line says of every source.</summary>
    private static SourceRules Rules(SettingValues values) => new()
    {
        Tags = values.All(BackupSettings.Tags),
        Rules =
        [
            .. values.All(BackupSettings.ExcludeFrom).Select(
                static f => Given(f, RuleSources.FileOf(f, static path => Texts.FullPath(path, BackupSettings.ExcludeFrom.Name)))),
            .. values.All(BackupSettings.Excludes).Select(static r => Given(RuleSources.FromHere(r))),
            .. values.All(BackupSettings.Includes).Select(static r => Given(RuleSources.Including(RuleSources.FromHere(r)))),
        ],
        LargerThan = values.FindValue(BackupSettings.LargerThan),
        OlderThan = values.Find(BackupSettings.OlderThan),
        NewerThan = values.Find(BackupSettings.NewerThan),
        IfPresent = values.All(BackupSettings.IfPresent),
        Caches = Flag(values, BackupSettings.Caches),
        NoDump = Flag(values, BackupSettings.NoDump),
        IfXattr = values.All(BackupSettings.IfXattr),
        FileSystemTypes = values.All(BackupSettings.FileSystemTypes),
        IgnoreFiles = values.All(BackupSettings.IgnoreFiles),
        Groups = values.All(BackupSettings.Groups),
        Map = values.All(BackupSettings.Map),
        OneFileSystem = Flag(values, BackupSettings.OneFileSystem),
        IgnoreInode = Flag(values, BackupSettings.IgnoreInode),
        IgnoreCtime = Flag(values, BackupSettings.IgnoreCtime),
        FileSystemSnapshot = values.FindValue(BackupSettings.FileSystemSnapshot),
        Trust = values.FindValue(BackupSettings.Trust),
        VerifyExisting = Flag(values, BackupSettings.VerifyExisting),
        Compression = values.FindValue(BackupSettings.Compression),
        BudgetBySize = values.FindValue(BackupSettings.BudgetBy),
        KeepLog = values.FindValue(BackupSettings.KeepLog),
    };

    private static GivenRule Given(string rule, string? file = null) => new(new ExcludeRule(rule, RuleOrigin.Option), file);

    private static bool? Flag(SettingValues values, FlagSetting flag) => values.Has(flag) ? true : null;

    private static TimeSpan Interval(string? seconds) =>
        TimeSpan.FromSeconds(seconds is null ? 60 : Numbers.Whole(1, 3600)(seconds, Variables.CheckpointSeconds));
}
