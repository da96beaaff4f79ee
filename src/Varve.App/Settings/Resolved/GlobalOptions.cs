using Varve.App.Settings.Configuration;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;

namespace Varve.App.Settings.Resolved;

/// <summary>
/// What the global options, the environment, the configuration and the defaults come to. Precedence: option, variable, profile, the rest of
/// the configuration, default.
/// An empty variable counts as unset; a relative XDG directory is ignored, as its specification says.
/// </summary>
internal sealed record GlobalOptions
{
    private const string Application = "varve";

    /// <summary>What this host is called, if somebody said so; null: as the system says.</summary>
    internal string? Host { get; init; }

    /// <summary>The repository's directory, or its address.</summary>
    internal required string Repository { get; init; }

    /// <summary>The ssh that leads to another machine, if somebody said so.</summary>
    internal string? SshCommand { get; init; }

    /// <summary>What leads to a server.</summary>
    internal ServerAccess Access { get; init; } = ServerAccess.None;

    /// <summary>How many bytes a second go to another machine at most, if somebody said so.</summary>
    internal long? LimitUpload { get; init; }

    /// <summary>The same of what comes from there.</summary>
    internal long? LimitDownload { get; init; }

    /// <summary>How long another machine is waited for, if somebody said so.</summary>
    internal TimeSpan? WaitForStore { get; init; }

    /// <summary>Where the repository lies, and what leads there.</summary>
    internal RepositoryLocation Location
    {
        get
        {
            RepositoryLocation place = Locations.Of(Repository, Access) with
            {
                UploadLimit = LimitUpload,
                DownloadLimit = LimitDownload,
                WaitFor = WaitForStore ?? default,
            };
            return SshCommand is { } ssh ? place with { SshCommand = ssh } : place;
        }
    }

    /// <summary>Nobody named a repository: it is the default one, and <c>backup</c> may create it.</summary>
    internal required bool IsDefaultRepository { get; init; }

    /// <summary>
    /// The credential that an option names, or null: then those of the environment are tried, then the default key file, and a terminal is
    /// asked.
    /// </summary>
    internal CredentialSource? Credential { get; init; }

    /// <summary>What the environment names, in the order in which it is tried.</summary>
    internal IReadOnlyList<CredentialSource> FromEnvironment { get; init; } = [];

    /// <summary>What the configuration says of the repository, or null.</summary>
    internal CredentialSource? Configured { get; init; }

    /// <summary>
    /// The one credential for a new repository: an option's, or else the environment's, which must not name several, or else the
    /// configuration's.
    /// </summary>
    internal CredentialSource? ForCreation => Credential ?? Only([.. FromEnvironment]) ?? Configured;

    /// <summary>The key slot someone named, or null.</summary>
    internal string? KeySlot { get; init; }

    /// <summary>The default key file, whether or not it exists; null when there is no home directory.</summary>
    internal string? DefaultKeyFile { get; init; }

    /// <summary>What this user marked by hand; null without a place for it.</summary>
    internal NoScanList? NoScan { get; init; }

    /// <summary>Directory for catalogs and index runs.</summary>
    internal required string CacheRoot { get; init; }

    /// <summary>The configuration; null if there is none, or it cannot be used.</summary>
    internal ConfigFile? Configuration { get; init; }

    /// <summary>
    /// Why the configuration cannot be used, though there is one. Who named a repository goes on without it, since getting files back must
    /// not wait for that; who backs up what it says must not.
    /// </summary>
    internal VarveException? ConfigurationError { get; init; }

    /// <summary>The profile that is chosen, or null.</summary>
    internal ProfileConfig? Profile { get; init; }

    /// <summary>Results as JSON.</summary>
    internal bool Json { get; init; }

    /// <summary>Only what failed is said.</summary>
    internal bool Quiet { get; init; }

    /// <summary>Each entry is told.</summary>
    internal bool Verbose { get; init; }

    /// <summary>No progress is shown.</summary>
    internal bool NoProgress { get; init; }

    /// <summary>Times are shown in UTC.</summary>
    internal bool Utc { get; init; }

    /// <summary>Resolves; throws <see cref="ErrorKind.Usage"/> for what contradicts itself or cannot be found.</summary>
    internal static GlobalOptions Resolve(SettingValues values, Func<string, string?> environment)
    {
        string? named = Find(values, GlobalSettings.Repository, environment), chosen = Find(values, GlobalSettings.Profile, environment);
        (ConfigFile? config, VarveException? error) = ReadConfiguration(values, environment, mustRead: named is null || chosen is not null);
        ProfileConfig? profile = chosen is null ? null : FindProfile(config, chosen);
        named ??= profile?.Repository ?? config?.Repository;
        RepositoryConfig? configured = named is null ? null : FindRepository(config, named);
        var options = new GlobalOptions
        {
            Configuration = config,
            ConfigurationError = error,
            Profile = profile,
            Repository = (configured?.Address ?? named) is { } place ? Locations.Of(place).Address
                : DefaultIn(environment, "XDG_DATA_HOME", ".local/share", "repository")
                ?? throw NoHome("the default repository", Advice.NameRepository),
            IsDefaultRepository = named is null,
            Host = Variable(environment, BackupSettings.Host.Variable!) ?? config?.Host,
            Credential = Only(
                Source(CredentialKind.PasswordFile, values, GlobalSettings.PasswordFile),
                Source(CredentialKind.PasswordCommand, values, GlobalSettings.PasswordCommand),
                Source(CredentialKind.KeyFile, values, GlobalSettings.KeyFile)),
            FromEnvironment = [.. Named(environment)],
            Configured = configured?.Credential,
            SshCommand = Find(values, GlobalSettings.SshCommand, environment) ?? configured?.SshCommand,
            Access = new ServerAccess
            {
                Token = Variable(environment, Variables.Token),
                TokenFile = Find(values, GlobalSettings.TokenFile, environment)
                    ?? (Variable(environment, Variables.Token) is null ? configured?.TokenFile : null),
                AuthorityFile = Find(values, GlobalSettings.AuthorityFile, environment) ?? configured?.AuthorityFile,
                CertificateFile = Find(values, GlobalSettings.ClientCertificate, environment) ?? configured?.ClientCertificate,
            },
            LimitUpload = values.FindValue(GlobalSettings.LimitUpload) ?? configured?.LimitUpload,
            LimitDownload = values.FindValue(GlobalSettings.LimitDownload) ?? configured?.LimitDownload,
            WaitForStore = values.FindValue(GlobalSettings.WaitForStore) ?? configured?.WaitForStore,
            KeySlot = values.Find(GlobalSettings.KeySlot),
            DefaultKeyFile = DefaultIn(environment, "XDG_CONFIG_HOME", ".config", "key"),
            NoScan = DefaultIn(environment, "XDG_CONFIG_HOME", ".config", NoScanList.Name) is { } marks ? new NoScanList(marks) : null,
            CacheRoot = Find(values, GlobalSettings.CacheDirectory, environment) ?? configured?.CacheDirectory
                ?? DefaultIn(environment, "XDG_CACHE_HOME", ".cache", null)
                ?? throw NoHome("the cache", Advice.NameCache),
        }.WithOutput(values);
        options.RequireLine();
        return options;
    }

    private void RequireLine()
    {
        string? said = LimitUpload is not null ? GlobalSettings.LimitUpload.Name
            : LimitDownload is not null ? GlobalSettings.LimitDownload.Name
            : WaitForStore is not null ? GlobalSettings.WaitForStore.Name : null;
        if (said is null || Location.IsRemote) { return; }
        throw new VarveException(ErrorKind.Usage, Subject.Request(said),
            $"is for repositories on another machine, and '{Repository}' is a directory");
    }

    /// <summary>The configuration that somebody named, or else the default one if it exists; null if there is none.</summary>
    /// <exception cref="VarveException">Usage.</exception>
    internal static ConfigFile? ReadConfiguration(SettingValues values, Func<string, string?> environment) => ConfigReader.Find(
        Find(values, GlobalSettings.Config, environment), DefaultIn(environment, "XDG_CONFIG_HOME", ".config", "config.yaml"),
        Absolute(environment, "HOME"));

    private static (ConfigFile? Config, VarveException? Error) ReadConfiguration(
        SettingValues values, Func<string, string?> environment, bool mustRead)
    {
        try { return (ReadConfiguration(values, environment), null); }
        catch (VarveException e) when (!mustRead) { return (null, e); }
    }

    private static ProfileConfig FindProfile(ConfigFile? config, string name) =>
        config?.Profiles.FirstOrDefault(p => p.Name == name)
        ?? throw (config is null
            ? new VarveException(ErrorKind.Usage, Subject.Request($"the profile '{name}'"), "does not exist: there is no configuration")
            : new VarveException(ErrorKind.Usage, Subject.Configuration(config.Location), config.Profiles.Count == 0
                ? $"it has no profile named '{name}', and no others"
                : $"it has no profile named '{name}'; there are: {string.Join(", ", config.Profiles.Select(static p => p.Name))}"));

    /// <summary>The repository that is named so in the configuration, or lies at that place; null if it is not in there.</summary>
    private static RepositoryConfig? FindRepository(ConfigFile? config, string named)
    {
        if (config?.FindRepository(named) is { } found) { return found; }
        string place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(named));
        return config?.Repositories.FirstOrDefault(r => r.Address == named || Path.TrimEndingDirectorySeparator(r.Address) == place);
    }

    /// <summary>For a command that works on no repository: nothing is looked for.</summary>
    internal static GlobalOptions WithoutRepository(SettingValues values) =>
        new GlobalOptions { Repository = "", IsDefaultRepository = false, CacheRoot = "" }.WithOutput(values);

    /// <summary>The one credential of several ways to give it; null if none is given.</summary>
    internal static CredentialSource? Only(params ReadOnlySpan<CredentialSource?> sources)
    {
        CredentialSource? only = null;
        foreach (CredentialSource? source in sources)
        {
            if (source is not null && only is not null)
            {
                throw new VarveException(ErrorKind.Usage, Subject.None, $"both {only.Origin} and {source.Origin} are given",
                    Advice.GiveOne);
            }

            only ??= source;
        }

        return only;
    }

    /// <summary>A source if the option was given.</summary>
    internal static CredentialSource? Source(CredentialKind kind, SettingValues values, ValueSetting<string> setting) =>
        values.Find(setting) is { } value ? new CredentialSource(kind, value, setting.Name) : null;

    /// <summary>The option, or the variable that stands for it, or null.</summary>
    internal static string? Find(SettingValues values, ValueSetting<string> setting, Func<string, string?> environment) =>
        values.Find(setting) ?? Variable(environment, setting.Variable!);

    private static IEnumerable<CredentialSource> Named(Func<string, string?> environment)
    {
        foreach ((CredentialKind kind, string name) in ((CredentialKind, string)[])
            [(CredentialKind.Password, Variables.Password), (CredentialKind.PasswordFile, GlobalSettings.PasswordFile.Variable!),
            (CredentialKind.PasswordCommand, GlobalSettings.PasswordCommand.Variable!),
            (CredentialKind.KeyFile, GlobalSettings.KeyFile.Variable!)])
        {
            if (Variable(environment, name) is { } value) { yield return new CredentialSource(kind, value, name); }
        }

        if (Absolute(environment, CredentialNames.Directory) is not { } handedOver) { yield break; }
        foreach ((CredentialKind kind, string name) in ((CredentialKind, string)[])
            [(CredentialKind.PasswordFile, CredentialNames.Password), (CredentialKind.KeyFile, CredentialNames.Key)])
        {
            string file = Path.Combine(handedOver, name);
            if (File.Exists(file)) { yield return new CredentialSource(kind, file, $"the credential {name}"); }
        }
    }

    private GlobalOptions WithOutput(SettingValues values)
    {
        bool quiet = values.Has(GlobalSettings.Quiet), verbose = VerboseSettings.All.Any(values.Has);
        if (quiet && verbose)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request(GlobalSettings.Quiet.Name), "contradicts --verbose", Advice.GiveOne);
        }

        return this with
        {
            Json = values.Has(GlobalSettings.Json),
            Quiet = quiet,
            Verbose = verbose,
            NoProgress = values.Has(GlobalSettings.NoProgress),
            Utc = values.Has(GlobalSettings.Utc),
        };
    }

    private static string? Variable(Func<string, string?> environment, string name) =>
        environment(name) is { Length: > 0 } value ? value : null;

    /// <summary>A file of ours in one of the XDG directories; null when there is no home directory.</summary>
    internal static string? DefaultIn(Func<string, string?> environment, string variable, string below, string? leaf)
    {
        string? directory = Absolute(environment, variable);
        if (directory is null)
        {
            if (Absolute(environment, "HOME") is not { } home) { return null; }

            directory = Path.Combine(home, below);
        }

        directory = Path.Combine(directory, Application);
        return leaf is null ? directory : Path.Combine(directory, leaf);
    }

    private static string? Absolute(Func<string, string?> environment, string name) =>
        Variable(environment, name) is { } value && Path.IsPathRooted(value) ? value : null;

    internal static VarveException NoHome(string what, Advice advice) =>
        new(ErrorKind.Usage, Subject.None, $"there is no place for {what}: HOME is not set", advice);
}
