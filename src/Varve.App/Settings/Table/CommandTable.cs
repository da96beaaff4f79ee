namespace Varve.App.Settings.Table;

/// <summary>All commands. One is made when it is asked for: every start pays for what it defines.</summary>
internal static class CommandTable
{
    /// <summary>The program's own description.</summary>
    internal const string About = "Varve backs up file trees as deduplicated, compressed, encrypted snapshots.";

    /// <summary>Lines to type, for the help of the program.</summary>
    internal static readonly IReadOnlyList<string> Examples = ["varve backup ~/Documents", "varve snapshots",
        "varve restore --target /tmp/restored"];

    /// <summary>The first words, in the order of help.</summary>
    internal static readonly IReadOnlyList<string> Names =
        ["init", "backup", "snapshots", "ls", "find", "history", "diff", "grep", "log", "why", "restore", "dump", "check", "verify", "stats", "forget",
        "pin", "unpin", "tag", "prune", "archive", "extract", "digest", "plan", "apply-metadata", "failures", "unstable", "noscan", "source",
        "key", "add", "list", "remove", "daemon", "status", "run", "pause", "resume", "config", "catalog", "sql", "serve", "reference", "help", "version"];

    /// <summary>Those that stand in no help: for scripts that come with the program.</summary>
    internal static readonly IReadOnlyList<string> Hidden = ["complete"];

    /// <summary>Whether a word is a command of the first level.</summary>
    internal static bool Has(string word) => Names.Contains(word) || Hidden.Contains(word);

    /// <summary>All at the first level that people use.</summary>
    internal static IEnumerable<CommandSpec> All => Names.Select(Find);

    /// <summary>All that do something, at any level.</summary>
    internal static IEnumerable<CommandSpec> Leaves => All.SelectMany(static c => c.Commands.Count == 0 ? [c] : c.Commands);

    /// <summary>The command of one of <see cref="Names"/> or <see cref="Hidden"/>.</summary>
    internal static CommandSpec Find(string name) => name switch
    {
        "init" => RepositorySettings.Init,
        "backup" => BackupSettings.Command,
        "snapshots" => HistorySettings.Snapshots,
        "ls" => HistorySettings.List,
        "find" => FindSettings.Command,
        "history" => EntryHistorySettings.Command,
        "diff" => DiffSettings.Command,
        "grep" => GrepSettings.Command,
        "log" => LogSettings.Command,
        "why" => EntryHistorySettings.Why,
        "restore" => RestoreSettings.Command,
        "dump" => RestoreSettings.Dump,
        "check" => RepositorySettings.Check,
        "verify" => RepositorySettings.Verify,
        "prune" => RepositorySettings.Prune,
        "stats" => RepositorySettings.Stats,
        "forget" => RetentionSettings.Forget,
        "pin" => RetentionSettings.Pin,
        "unpin" => RetentionSettings.Unpin,
        "tag" => RetentionSettings.TagCommand,
        "archive" => ArchiveSettings.Archive,
        "extract" => ArchiveSettings.Extract,
        "digest" => ArchiveSettings.Digest,
        "failures" => HistorySettings.Failures,
        "unstable" => HistorySettings.Unstable,
        "noscan" => NoScanSettings.Command,
        "plan" => PlanSettings.Command,
        "apply-metadata" => ListSettings.Apply,
        "source" => SourceSettings.Command,
        "key" => KeySettings.Command,
        "add" => WatchSettings.Add,
        "list" => WatchSettings.List,
        "remove" => WatchSettings.Remove,
        "daemon" => DaemonSettings.Command,
        "status" => DaemonSettings.Status,
        "run" => DaemonSettings.Run,
        "pause" => DaemonSettings.Pause,
        "resume" => DaemonSettings.Resume,
        "serve" => RepositorySettings.Serve,
        "config" => ConfigSettings.Command,
        "catalog" => RepositorySettings.Catalog,
        "sql" => HistorySettings.Sql,
        "reference" => HelpSettings.Reference,
        "complete" => CompleteSettings.Command,
        "help" => HelpSettings.Help,
        "version" => HelpSettings.Version,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no command"),
    };
}
