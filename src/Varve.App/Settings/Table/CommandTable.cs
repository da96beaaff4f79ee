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
        ["init", "backup", "snapshots", "ls", "find", "restore", "dump", "check", "stats", "unstable", "key", "catalog", "sql",
        "reference"];

    /// <summary>All at the first level.</summary>
    internal static IEnumerable<CommandSpec> All => Names.Select(Find);

    /// <summary>All that do something, at any level.</summary>
    internal static IEnumerable<CommandSpec> Leaves => All.SelectMany(static c => c.Commands.Count == 0 ? [c] : c.Commands);

    /// <summary>The command of one of <see cref="Names"/>.</summary>
    internal static CommandSpec Find(string name) => name switch
    {
        "init" => RepositorySettings.Init,
        "backup" => BackupSettings.Command,
        "snapshots" => HistorySettings.Snapshots,
        "ls" => HistorySettings.List,
        "find" => HistorySettings.Find,
        "restore" => RestoreSettings.Command,
        "dump" => RestoreSettings.Dump,
        "check" => RepositorySettings.Check,
        "stats" => RepositorySettings.Stats,
        "unstable" => HistorySettings.Unstable,
        "key" => KeySettings.Command,
        "catalog" => RepositorySettings.Catalog,
        "sql" => HistorySettings.Sql,
        "reference" => ReferenceSettings.Command,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no command"),
    };
}
