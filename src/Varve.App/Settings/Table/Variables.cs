namespace Varve.App.Settings.Table;

/// <summary>Environment variables that stand for no option of the same meaning.</summary>
internal static class Variables
{
    /// <summary>The password itself.</summary>
    internal const string Password = "VARVE_PASSWORD";

    /// <summary>Prints traces.</summary>
    internal const string Debug = "VARVE_DEBUG";

    /// <summary>
    /// Seconds between checkpoints. No option: nobody needs it but tests, which kill backups that take less than a minute.
    /// </summary>
    internal const string CheckpointSeconds = "VARVE_CHECKPOINT_SECONDS";

    /// <summary>Those that users may set, with what they mean.</summary>
    internal static readonly IReadOnlyList<(string Name, string Help)> All =
    [
        (Password, "The password"),
        (Debug, "1 prints the trace of an unexpected error"),
        ("VARVE_LIBZSTD", "Another libzstd"),
        ("XDG_DATA_HOME, XDG_CONFIG_HOME, XDG_CACHE_HOME", "Where the defaults lie, instead of ~/.local/share, ~/.config and ~/.cache"),
    ];
}
