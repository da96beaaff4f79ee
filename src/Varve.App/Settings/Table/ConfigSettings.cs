using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary><c>varve config</c>: what the configuration may say, and whether it makes sense.</summary>
internal static class ConfigSettings
{
    internal static readonly Positional File = new()
    {
        Name = "FILE", Help = "The configuration", Default = "the one in use", Presence = Presence.Optional, Completes = Completes.Files,
    };

    internal static readonly CommandSpec Check = new()
    {
        Path = "config check",
        Help = "Check the configuration: each mistake with its line and column. Exit code 1 if there is one.",
        Examples = ["varve config check", "varve config check ~/new.yaml"],
        Arguments = [File],
        UsesRepository = false,
    };

    internal static readonly CommandSpec Example = new()
    {
        Path = "config example",
        Help = "Print a configuration in which every key is explained.",
        Examples = ["varve config example > ~/.config/varve/config.yaml"],
        NoJson = "config example prints YAML and takes no --json",
        UsesRepository = false,
    };

    internal static readonly CommandSpec Schema = new()
    {
        Path = "config schema",
        Help = "Print the JSON schema of the configuration, for editors.",
        Examples = ["varve config schema > ~/.config/varve/schema.json"],
        NoJson = "config schema prints a JSON schema and takes no --json",
        UsesRepository = false,
    };

    internal static readonly CommandSpec Command = new()
    {
        Path = "config",
        Help = "Check the configuration, or print an example or its schema.",
        Examples = ["varve config check", "varve config example"],
        Commands = [Check, Example, Schema],
    };
}
