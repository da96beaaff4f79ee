using Varve.App.Settings.Daemon;
using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary>What every command takes.</summary>
internal static class GlobalSettings
{
    internal static readonly ValueSetting<string> Repository = new()
    {
        Name = "--repo", Alias = "-r", ValueName = "ADDRESS",
        Help = "The repository: a directory, ssh:// or sftp://[USER@]HOST[:PORT]/DIR, https://HOST/NAME, s3://BUCKET/PREFIX, or its name "
            + "in the configuration",
        Variable = "VARVE_REPO",
        Default = "~/.local/share/varve/repository", Completes = Completes.Directories, Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> KeyFile = new()
    {
        Name = "--key-file", ValueName = "FILE", Help = "Use a key file", Variable = "VARVE_KEY_FILE", Default = "~/.config/varve/key",
        Key = "key-file",
        Completes = Completes.Files, Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> PasswordFile = new()
    {
        Name = "--password-file", ValueName = "FILE", Help = "Read the password from a file", Variable = "VARVE_PASSWORD_FILE",
        Key = "password-file",
        Completes = Completes.Files,
        Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> PasswordCommand = new()
    {
        Name = "--password-command", ValueName = "COMMAND", Help = "Run a shell command that prints the password",
        Variable = "VARVE_PASSWORD_COMMAND", Key = "password-command", Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> KeySlot = new()
    {
        Name = "--key-slot", ValueName = "KEY", Help = "Try this key only: the first digits of its name, or its label",
        Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> CacheDirectory = new()
    {
        Name = "--cache-dir", ValueName = "DIR", Help = "Directory of the catalogs", Variable = "VARVE_CACHE_DIR",
        Default = "~/.cache/varve", Key = "cache-dir",
        Completes = Completes.Directories, Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> SshCommand = new()
    {
        Name = "--ssh-command", ValueName = "COMMAND",
        Help = "The ssh that leads to ssh:// and sftp:// addresses, with arguments of its own",
        Variable = "VARVE_SSH", Default = "ssh", Key = "ssh-command", Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> TokenFile = new()
    {
        Name = "--token-file", ValueName = "FILE", Help = "The token for the server of an https:// address; VARVE_TOKEN has it itself",
        Variable = "VARVE_TOKEN_FILE", Key = "token-file", Completes = Completes.Files, Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> AuthorityFile = new()
    {
        Name = "--ca-file", ValueName = "FILE", Help = "Trust the server whose certificate is signed by one of those in the file (PEM)",
        Variable = "VARVE_CA_FILE", Key = "ca-file", Completes = Completes.Files, Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> ClientCertificate = new()
    {
        Name = "--client-certificate", ValueName = "FILE", Help = "A certificate and its key, which the server knows this machine by (PEM)",
        Variable = "VARVE_CLIENT_CERTIFICATE", Key = "client-certificate", Completes = Completes.Files, Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<long> LimitUpload = new()
    {
        Name = "--limit-upload", ValueName = "SIZE", Help = "Send so many bytes a second to another machine at most (500K, 2M)",
        Key = "limit-upload", Parse = Numbers.Rate,
    };

    internal static readonly ValueSetting<long> LimitDownload = new()
    {
        Name = "--limit-download", ValueName = "SIZE", Help = "Receive so many bytes a second from there at most",
        Key = "limit-download", Parse = Numbers.Rate,
    };

    internal static readonly ValueSetting<TimeSpan> WaitForStore = new()
    {
        Name = "--wait-for-store", ValueName = "DURATION", Help = "Wait so long for another machine that cannot be reached: 1h",
        Key = "wait-for-store", Parse = Spans.Parse,
    };

    internal static readonly ValueSetting<string> Config = new()
    {
        Name = "--config", ValueName = "FILE", Help = "Configuration with repositories, sources and profiles", Variable = "VARVE_CONFIG",
        Default = "~/.config/varve/config.yaml", Completes = Completes.Files, Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> Profile = new()
    {
        Name = "--profile", Alias = "-P", ValueName = "NAME", Help = "Use this profile of the configuration", Variable = "VARVE_PROFILE",
        Parse = Texts.NotEmpty,
    };

    internal static readonly FlagSetting Json = new() { Name = "--json", Help = "Print results as JSON (docs/json.md)" };

    internal static readonly FlagSetting Quiet = new()
    {
        Name = "--quiet", Alias = "-q", Help = "Say what failed, and nothing of work that is done: no progress, no summary",
    };

    internal static readonly FlagSetting NoProgress = new() { Name = "--no-progress", Help = "Show no progress on a terminal" };

    internal static readonly FlagSetting Utc = new() { Name = "--utc", Help = "Show times in UTC, not in the local zone" };
    /// <summary>Instead of doing anything. Behind any command, and not among <see cref="All"/>: no command reads it.</summary>
    internal static readonly FlagSetting Help = new() { Name = "--help", Alias = "-h", Help = "Show this help" };

    /// <summary>Without a command, and not among <see cref="All"/>.</summary>
    internal static readonly FlagSetting Version = new() { Name = "--version", Alias = "-V", Help = "Print the version" };

    /// <summary>In the order of help.</summary>
    internal static readonly IReadOnlyList<Setting> All =
        [Repository, KeyFile, PasswordFile, PasswordCommand, KeySlot, CacheDirectory, SshCommand, TokenFile, AuthorityFile,
        ClientCertificate, LimitUpload, LimitDownload, WaitForStore, Config, Profile, Json, Quiet, NoProgress, Utc];
}
