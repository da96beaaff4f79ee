using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;

namespace Varve.App.Settings.Resolved;

/// <summary>
/// What the global options, the environment and the defaults come to. Precedence: option, then variable, then default.
/// An empty variable counts as unset; a relative XDG directory is ignored, as its specification says.
/// </summary>
internal sealed record GlobalOptions
{
    private const string Application = "varve";

    /// <summary>The repository's path.</summary>
    internal required string Repository { get; init; }

    /// <summary>Nobody named a repository: it is the default one, and <c>backup</c> may create it.</summary>
    internal required bool IsDefaultRepository { get; init; }

    /// <summary>The credential someone named, or null: then the default key file is tried, then a terminal is asked.</summary>
    internal CredentialSource? Credential { get; init; }

    /// <summary>The default key file, whether or not it exists; null when there is no home directory.</summary>
    internal string? DefaultKeyFile { get; init; }

    /// <summary>Directory for catalogs and index runs.</summary>
    internal required string CacheRoot { get; init; }

    /// <summary>Results as JSON.</summary>
    internal bool Json { get; init; }

    /// <summary>Resolves; throws <see cref="ErrorKind.Usage"/> for what contradicts itself or cannot be found.</summary>
    internal static GlobalOptions Resolve(SettingValues values, Func<string, string?> environment)
    {
        string? named = Find(values, GlobalSettings.Repository, environment);
        return new GlobalOptions
        {
            Repository = named ?? DefaultIn(environment, "XDG_DATA_HOME", ".local/share", "repository")
                ?? throw NoHome("the default repository", Advice.NameRepository),
            IsDefaultRepository = named is null,
            Credential = ResolveCredential(values, environment),
            DefaultKeyFile = DefaultIn(environment, "XDG_CONFIG_HOME", ".config", "key"),
            CacheRoot = Find(values, GlobalSettings.CacheDirectory, environment)
                ?? DefaultIn(environment, "XDG_CACHE_HOME", ".cache", null)
                ?? throw NoHome("the cache", Advice.NameCache),
            Json = values.Has(GlobalSettings.Json),
        };
    }

    /// <summary>For a command that works on no repository: nothing is looked for.</summary>
    internal static GlobalOptions WithoutRepository(SettingValues values) =>
        new() { Repository = "", IsDefaultRepository = false, CacheRoot = "", Json = values.Has(GlobalSettings.Json) };

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

    private static CredentialSource? ResolveCredential(SettingValues values, Func<string, string?> environment) =>
        Only(
            Source(CredentialKind.PasswordFile, values, GlobalSettings.PasswordFile),
            Source(CredentialKind.PasswordCommand, values, GlobalSettings.PasswordCommand),
            Source(CredentialKind.KeyFile, values, GlobalSettings.KeyFile))
        ?? Only(
            FromVariable(CredentialKind.Password, Variables.Password, environment),
            FromVariable(CredentialKind.KeyFile, GlobalSettings.KeyFile.Variable!, environment));

    private static CredentialSource? FromVariable(CredentialKind kind, string name, Func<string, string?> environment) =>
        Variable(environment, name) is { } value ? new CredentialSource(kind, value, name) : null;

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

    private static VarveException NoHome(string what, Advice advice) =>
        new(ErrorKind.Usage, Subject.None, $"there is no place for {what}: HOME is not set", advice);
}
