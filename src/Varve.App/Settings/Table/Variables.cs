namespace Varve.App.Settings.Table;

/// <summary>Environment variables. Those that stand for an option are said there (<see cref="Setting.Variable"/>).</summary>
internal static class Variables
{
    /// <summary>The password itself.</summary>
    internal const string Password = "VARVE_PASSWORD";

    /// <summary>The token for a server, itself.</summary>
    internal const string Token = "VARVE_TOKEN";

    /// <summary>What no program that is started gets.</summary>
    internal static readonly string[] Secret = [Password, Token];

    /// <summary>How wide a page is.</summary>
    internal const string Columns = "COLUMNS";

    /// <summary>Prints traces.</summary>
    internal const string Debug = "VARVE_DEBUG";

    /// <summary>
    /// Seconds between checkpoints. No option: nobody needs it but tests, which kill backups that take less than a minute.
    /// </summary>
    internal const string CheckpointSeconds = "VARVE_CHECKPOINT_SECONDS";

    /// <summary>
    /// The life of sessions in seconds. No option: nobody needs it but tests, which stop programs for longer than that.
    /// </summary>
    internal const string SessionSeconds = "VARVE_SESSION_SECONDS";

    /// <summary>Those that users may set, with what they mean.</summary>
    internal static readonly IReadOnlyList<(string Name, string Help)> All =
    [
        (Password, "The password"),
        (Token, "The token for the server of an https:// address"),
        ("CREDENTIALS_DIRECTORY", "Where systemd puts credentials: varve.password and varve.key are used"),
        (Debug, "1 prints the trace of an unexpected error"),
        ("NO_COLOR", "Anything in it turns colours off"),
        ("VARVE_LIBZSTD", "Another libzstd"),
        ("XDG_DATA_HOME, XDG_CONFIG_HOME, XDG_CACHE_HOME, XDG_STATE_HOME",
            "Where the defaults lie, instead of ~/.local/share, ~/.config, ~/.cache and ~/.local/state"),
        ("XDG_RUNTIME_DIR", "Where a user's daemon is asked; of root /run"),
        (Columns, "How wide help is where standard output is no terminal; 80 without it"),
    ];

    /// <summary>
    /// The one list of all that users may set: those that stand for an option, and <see cref="All"/>. Help, man page and reference have it.
    /// </summary>
    internal static IEnumerable<(string Name, string Help)> Listed => CommandTable.Leaves.SelectMany(static c => c.AllSettings)
        .DistinctBy(static s => s.Name).Where(static s => s.Variable is not null)
        .Select(static s => (s.Variable!, $"{s.Help}, as {s.Name}")).Concat(All);
}
