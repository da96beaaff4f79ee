using Varve.App.Commands.Archives;
using Varve.App.Commands.Daemon;
using Varve.App.Commands.Histories;
using Varve.App.Commands.Keys;
using Varve.App.Commands.Retention;
using Varve.App.Invocation;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;

namespace Varve.App.Commands;

/// <summary>What runs a command of the table.</summary>
internal static class CommandIndex
{
    /// <summary>The code of a command that does something.</summary>
    internal static Func<SettingValues, CommandContext, Outcome> Find(CommandSpec spec) => spec.Path switch
    {
        "init" => InitCommand.Run,
        "backup" => BackupCommand.Run,
        "snapshots" => SnapshotsCommand.Run,
        "ls" => LsCommand.Run,
        "find" => FindCommand.Run,
        "history" => HistoryCommand.Run,
        "diff" => DiffCommand.Run,
        "grep" => GrepCommand.Run,
        "log" => LogCommand.Run,
        "why" => WhyCommand.Run,
        "noscan" => NoScanCommand.Run,
        "restore" => RestoreCommand.Run,
        "dump" => DumpCommand.Run,
        "check" => CheckCommand.Run,
        "verify" => VerifyCommand.Run,
        "prune" => PruneCommand.Run,
        "stats" => StatsCommand.Run,
        "forget" => ForgetCommand.Run,
        "pin" => PinCommand.Run,
        "unpin" => PinCommand.RunUnpin,
        "tag add" => TagCommand.RunAdd,
        "tag remove" => TagCommand.RunRemove,
        "tag set" => TagCommand.RunSet,
        "archive" => ArchiveCommand.Run,
        "extract" => ExtractCommand.Run,
        "digest" => DigestCommand.Run,
        "failures" => FailuresCommand.Run,
        "unstable" => UnstableCommand.Run,
        "plan" => PlanCommand.Run,
        "apply-metadata" => ApplyMetadataCommand.Run,
        "source list" => SourceListCommand.Run,
        "source rename" => SourceRenameCommand.Run,
        "source adopt" => SourceAdoptCommand.Run,
        "key list" => KeyListCommand.Run,
        "key add" => KeyAddCommand.Run,
        "key passwd" => KeyPasswdCommand.Run,
        "key export" => KeyExportCommand.Run,
        "key import" => KeyImportCommand.Run,
        "key remove" => KeyRemoveCommand.Run,
        "add" => AddCommand.Run,
        "list" => WatchedCommand.RunList,
        "remove" => WatchedCommand.RunRemove,
        "daemon" => DaemonCommand.Run,
        "status" => ControlCommand.RunStatus,
        "run" => ControlCommand.RunNow,
        "pause" => ControlCommand.RunPause,
        "resume" => ControlCommand.RunResume,
        "config check" => ConfigCheckCommand.Run,
        "config example" => ConfigTextCommand.RunExample,
        "config schema" => ConfigTextCommand.RunSchema,
        "catalog status" => CatalogStatusCommand.Run,
        "catalog rebuild" => CatalogRebuildCommand.Run,
        "sql" => SqlCommand.Run,
        "serve" => ServeCommand.Run,
        "reference" => ReferenceCommand.Run,
        "complete" => CompleteCommand.Run,
        "help" => HelpCommand.Run,
        "version" => VersionCommand.Run,
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Path, "nothing runs this command"),
    };
}
