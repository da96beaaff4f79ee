using Varve.App.Settings.Table;

namespace Varve.App.Settings.Configuration;

/// <summary>The keys of the configuration: those of the table, and those that only give it its shape.</summary>
internal static class ConfigKeys
{
    /// <summary>The list of sources; in a profile, the names of those it backs up.</summary>
    internal const string Sources = "sources";

    /// <summary>The list of repositories.</summary>
    internal const string Repositories = "repositories";

    /// <summary>The repository that is meant when nobody names one.</summary>
    internal const string Repository = "repository";

    /// <summary>The list of profiles.</summary>
    internal const string Profiles = "profiles";

    /// <summary>What a source, a repository or a profile is called.</summary>
    internal const string Name = "name";

    /// <summary>Where a repository is.</summary>
    internal const string Address = "address";

    /// <summary>What this host is called.</summary>
    internal const string Host = "host";

    /// <summary>The places of a source.</summary>
    internal const string Roots = "roots";

    /// <summary>A place, where more is said of it.</summary>
    internal const string Path = "path";

    /// <summary>That a place may not be there, and what its file system is recognised by.</summary>
    internal const string Removable = "removable";

    /// <summary>Which snapshots are kept.</summary>
    internal const string Retention = "retention";

    /// <summary>What is said of the daemon.</summary>
    internal const string Daemon = "daemon";

    /// <summary>When it has 'forget', 'prune', 'check' and drills run.</summary>
    internal const string Forget = "forget", Prune = "prune", Check = "check", Drill = "drill";

    /// <summary>The file that it writes metrics into.</summary>
    internal const string MetricsFile = "metrics-file";

    /// <summary>What is run around a backup.</summary>
    internal const string Hooks = "hooks";

    /// <summary>When a hook is run, and how long it may take.</summary>
    internal const string Before = "before", After = "after", OnSuccess = "on-success", OnFailure = "on-failure", TimeLimit = "time-limit";

    /// <summary>In what is run around a backup.</summary>
    internal static readonly string[] OfHooks = [Before, After, OnSuccess, OnFailure, TimeLimit];

    /// <summary>Who is told; how old the last good backup may become; a URL that hears of each run, or of the daemon.</summary>
    internal const string Notify = "notify", Ping = "ping";

    /// <summary>How somebody is told.</summary>
    internal const string Command = "command", Mail = "mail", Webhook = "webhook", From = "from";

    /// <summary>The ways in which somebody is told.</summary>
    internal static readonly string[] NotifyKinds = [Command, Mail, Webhook];

    /// <summary>In somebody who is told.</summary>
    internal static readonly string[] OfNotify = [.. NotifyKinds, From];

    /// <summary>In what says when something is done.</summary>
    internal static readonly string[] OfSchedule = [.. WatchSettings.Schedule.Select(static s => s.Key!)];

    /// <summary>In what is said of the daemon.</summary>
    internal static readonly string[] OfDaemon =
        [Forget, Prune, Check, Drill, Ping, MetricsFile, .. DaemonSettings.Configured.Select(static s => s.Key!)];

    /// <summary>What a server hands out to whom.</summary>
    internal const string Server = "server", Certificate = "certificate", Key = "key", Clients = "clients", Token = "token",
        Quota = "quota", Metrics = "metrics";

    /// <summary>In what is said of a server.</summary>
    internal static readonly string[] OfServer = [RepositorySettings.Listen.Key!, Certificate, Key, Clients];

    /// <summary>In a client of a server.</summary>
    internal static readonly string[] OfClient =
        [Name, Token, Certificate, Repositories, Quota, GlobalSettings.LimitUpload.Key!, GlobalSettings.LimitDownload.Key!, Metrics];

    /// <summary>Settings that a source may have, in the order of the table.</summary>
    internal static readonly IReadOnlyList<Setting> Settings = [.. BackupSettings.Command.Settings.Where(static s => s.Key is not null)];

    /// <summary>Those of them that say how it is backed up: for one source, for all, or in a profile.</summary>
    internal static readonly IReadOnlyList<Setting> Rules =
        [.. Settings.Where(static s => s != BackupSettings.Source && s != BackupSettings.As)];

    /// <summary>Settings that a repository may have.</summary>
    internal static readonly IReadOnlyList<Setting> OpeningSettings = [.. GlobalSettings.All.Where(static s => s.Key is not null)];

    /// <summary>At the top of the file.</summary>
    internal static readonly string[] OfAll =
        [Host, Repository, Repositories, .. Rules.Select(static s => s.Key!), Retention, Hooks, Notify, WatchSettings.AlertAfter.Key!,
        .. OfSchedule, Daemon, Server, Sources, Profiles];

    /// <summary>In a source: name and canonical root, where it lies, then everything else.</summary>
    internal static readonly string[] OfSource =
        [BackupSettings.Source.Key!, BackupSettings.As.Key!, Roots, .. Rules.Select(static s => s.Key!), Retention, Hooks,
        WatchSettings.AlertAfter.Key!, Ping, .. OfSchedule, .. WatchSettings.Continuity.Select(static s => s.Key!),
        .. WatchSettings.Targets.Select(static s => s.Key!)];

    /// <summary>In a root that is more than a path.</summary>
    internal static readonly string[] OfRoot = [Path, BackupSettings.As.Key!, Removable];

    /// <summary>In a repository.</summary>
    internal static readonly string[] OfRepository = [Name, Address, .. OpeningSettings.Select(static s => s.Key!)];

    /// <summary>In a profile.</summary>
    internal static readonly string[] OfProfile = [Name, Repository, Sources, .. Rules.Select(static s => s.Key!)];

    /// <summary>In what says which snapshots are kept.</summary>
    internal static readonly string[] OfRetention = [.. RetentionSettings.Rules.Select(static s => s.Key!)];
}
