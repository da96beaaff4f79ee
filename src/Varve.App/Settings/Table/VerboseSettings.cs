namespace Varve.App.Settings.Table;

/// <summary><c>-v</c> of the commands that have more to say.</summary>
internal static class VerboseSettings
{
    internal static readonly FlagSetting Backup = new()
    {
        Name = "--verbose", Alias = "-v",
        Help = "Print a line for each entry that is new (+), changed (M), changed in its metadata (m), moved (>), gone (-) or failed (!)",
    };

    internal static readonly FlagSetting Restore = new()
    {
        Name = "--verbose", Alias = "-v",
        Help = "Print a line for each entry that is restored (+), was there from a restore that was cut off (=), or failed (!)",
    };

    internal static readonly FlagSetting Check = new()
    {
        Name = "--verbose", Alias = "-v", Help = "Print a line for each pack that is read, each snapshot that is followed, and each damage at once",
    };

    /// <summary>Whichever a command has.</summary>
    internal static readonly IReadOnlyList<FlagSetting> All = [Backup, Restore, Check];
}
