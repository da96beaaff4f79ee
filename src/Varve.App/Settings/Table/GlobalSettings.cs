using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary>What every command takes.</summary>
internal static class GlobalSettings
{
    internal static readonly ValueSetting<string> Repository = new()
    {
        Name = "--repo", Alias = "-r", ValueName = "DIR", Help = "The repository's directory", Variable = "VARVE_REPO",
        Default = "~/.local/share/varve/repository", Completes = Completes.Directories, Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> KeyFile = new()
    {
        Name = "--key-file", ValueName = "FILE", Help = "Use a key file", Variable = "VARVE_KEY_FILE", Default = "~/.config/varve/key",
        Completes = Completes.Files, Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> PasswordFile = new()
    {
        Name = "--password-file", ValueName = "FILE", Help = "Read the password from a file; or set VARVE_PASSWORD",
        Completes = Completes.Files,
        Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> PasswordCommand = new()
    {
        Name = "--password-command", ValueName = "COMMAND", Help = "Run a shell command that prints the password", Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> CacheDirectory = new()
    {
        Name = "--cache-dir", ValueName = "DIR", Help = "Directory of the catalogs", Variable = "VARVE_CACHE_DIR",
        Default = "~/.cache/varve",
        Completes = Completes.Directories, Parse = Texts.NotEmpty,
    };

    internal static readonly FlagSetting Json = new() { Name = "--json", Help = "Print results as JSON (docs/json.md)" };

    /// <summary>In the order of help.</summary>
    internal static readonly IReadOnlyList<Setting> All = [Repository, KeyFile, PasswordFile, PasswordCommand, CacheDirectory, Json];
}
