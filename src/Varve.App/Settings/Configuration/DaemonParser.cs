using Varve.App.Settings.Table;

namespace Varve.App.Settings.Configuration;

/// <summary>Takes out of its keys what is said of schedules, of where sources go to, and of the daemon.</summary>
internal static class DaemonParser
{
    /// <summary>A schedule that stands in a mapping.</summary>
    /// <exception cref="VarveException">Usage.</exception>
    internal static ScheduleConfig Schedule(Dictionary<string, ConfigNode> values)
    {
        ConfigNode? cron = values.GetValueOrDefault(WatchSettings.Cron.Key!);
        if (cron is not null && values.ContainsKey(WatchSettings.Every.Key!)) { throw cron.Wrong("either 'every' or 'cron' says when"); }
        return new ScheduleConfig
        {
            Every = Value(values, WatchSettings.Every), Window = Value(values, WatchSettings.Window),
            Cron = cron?.Parse(WatchSettings.Cron, "'cron'"), CronPlace = cron?.Place,
        };
    }

    /// <summary>Whether a source is backed up when it changes; null: not.</summary>
    /// <exception cref="VarveException">Usage.</exception>
    internal static ContinuousConfig? Continuous(Dictionary<string, ConfigNode> values)
    {
        ConfigNode? said = values.GetValueOrDefault(WatchSettings.Continuous.Key!);
        ConfigNode? more = values.GetValueOrDefault(WatchSettings.Settle.Key!) ?? values.GetValueOrDefault(WatchSettings.AtMost.Key!);
        if (said is null) { return more is null ? null : throw more.Wrong("'settle' and 'at-most' are for 'continuous: true'"); }
        if (values.ContainsKey(WatchSettings.Archive.Key!)) { throw said.Wrong("'continuous' is of backups, and 'archive' makes none"); }
        if (!said.AsFlag("'continuous'")) { return null; }
        return new ContinuousConfig(Value(values, WatchSettings.Settle) ?? ContinuousConfig.UsualSettle,
            Value(values, WatchSettings.AtMost) ?? ContinuousConfig.UsualAtMost);
    }

    /// <summary>Where a source goes to.</summary>
    /// <exception cref="VarveException">Usage.</exception>
    internal static TargetConfig Target(Dictionary<string, ConfigNode> values, ConfigPaths paths, Func<ConfigNode, string> repository)
    {
        ConfigNode? to = values.GetValueOrDefault(WatchSettings.To.Key!), archive = values.GetValueOrDefault(WatchSettings.Archive.Key!),
            keep = values.GetValueOrDefault(WatchSettings.Keep.Key!);
        if (to is not null && archive is not null) { throw archive.Wrong("a source goes to a repository or to an archive: 'to' or 'archive'"); }
        if (keep is not null && archive is null) { throw keep.Wrong("'keep' is of archives: 'retention' says which snapshots are kept"); }
        return new TargetConfig
        {
            Repository = to is null ? null : repository(to), Archive = archive is null ? null : paths.Of(archive, "'archive'"),
            Keep = keep?.Parse(WatchSettings.Keep, "'keep'"),
        };
    }

    /// <summary>What is said of the daemon.</summary>
    /// <exception cref="VarveException">Usage.</exception>
    internal static DaemonConfig Daemon(Dictionary<string, ConfigNode> of, ConfigPaths paths)
    {
        if (!of.TryGetValue(ConfigKeys.Daemon, out ConfigNode? node)) { return DaemonConfig.None; }
        Dictionary<string, ConfigNode> values = node.AsMapping("'daemon'", ConfigKeys.OfDaemon);
        Dictionary<string, ConfigNode>? check = Mapping(values, ConfigKeys.Check, [.. ConfigKeys.OfSchedule, DaemonSettings.AllDataIn.Key!]);
        Dictionary<string, ConfigNode>? drill = Mapping(values, ConfigKeys.Drill,
            [.. ConfigKeys.OfSchedule, RepositorySettings.DrillFiles.Key!, RepositorySettings.DrillSize.Key!]);
        return new DaemonConfig
        {
            Forget = Task(values, ConfigKeys.Forget, Mapping(values, ConfigKeys.Forget, ConfigKeys.OfSchedule)),
            Prune = Task(values, ConfigKeys.Prune, Mapping(values, ConfigKeys.Prune, ConfigKeys.OfSchedule)),
            Check = Task(values, ConfigKeys.Check, check), AllDataIn = check is null ? null : Value(check, DaemonSettings.AllDataIn),
            Drill = Task(values, ConfigKeys.Drill, drill),
            DrillFiles = drill is null ? null : Value(drill, RepositorySettings.DrillFiles),
            DrillSize = drill is null ? null : Value(drill, RepositorySettings.DrillSize),
            Ping = NotifyParser.Ping(values),
            MetricsFile = values.TryGetValue(ConfigKeys.MetricsFile, out ConfigNode? file)
                ? paths.Of(file, $"'{ConfigKeys.MetricsFile}'") : null,
            OnBattery = Value(values, DaemonSettings.OnBattery),
            Priority = Value(values, DaemonSettings.Priority),
        };
    }

    private static Dictionary<string, ConfigNode>? Mapping(Dictionary<string, ConfigNode> values, string key, string[] known) =>
        values.GetValueOrDefault(key)?.AsMapping($"'{key}'", known);

    private static ScheduleConfig? Task(Dictionary<string, ConfigNode> of, string key, Dictionary<string, ConfigNode>? values)
    {
        if (values is null) { return null; }
        ScheduleConfig schedule = Schedule(values);
        return schedule.SaysWhen ? schedule : throw of[key].Wrong($"'{key}' needs 'every' or 'cron'");
    }

    private static T? Value<T>(Dictionary<string, ConfigNode> values, ValueSetting<T> setting) where T : struct =>
        values.TryGetValue(setting.Key!, out ConfigNode? value) ? value.Parse(setting, $"'{setting.Key}'") : null;
}
