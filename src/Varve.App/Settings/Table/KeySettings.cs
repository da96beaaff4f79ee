using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary><c>varve key</c>: who can open the repository.</summary>
internal static class KeySettings
{
    internal static readonly ValueSetting<KeyLevel> Level = new()
    {
        Name = "--level", ValueName = "full|write", Help = "What the key allows", Default = "full", Words = KeyLevels.Words,
        Parse = KeyLevels.Parse,
    };

    internal static readonly ValueSetting<string> NewKeyFile = new()
    {
        Name = "--new-key-file", ValueName = "FILE", Help = "A key file; created when it is missing", Completes = Completes.Files,
        Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> NewPasswordFile = new()
    {
        Name = "--new-password-file", ValueName = "FILE", Help = "Read the new password from a file", Completes = Completes.Files,
        Parse = Texts.NotEmpty,
    };

    internal static readonly ValueSetting<string> NewPasswordCommand = new()
    {
        Name = "--new-password-command", ValueName = "COMMAND", Help = "Run a shell command that prints the new password",
        Parse = Texts.NotEmpty,
    };

    internal static readonly Positional Key = new()
    {
        Name = "KEY", Help = "The first digits of its name, or its label, as 'varve key list' shows them",
    };

    internal static readonly CommandSpec List = new()
    {
        Path = "key list", Help = "List the keys; a star marks the one in use.", Examples = ["varve key list"],
    };

    internal static readonly CommandSpec Add = new()
    {
        Path = "key add",
        Help = "Add a password or key file. Level full opens everything; level write can back up, but not read one file or file name back.",
        Examples = ["varve key add --level write --new-key-file /etc/varve/key", "varve key add --label 'paper in the safe'"],
        Settings = [Level, RepositorySettings.Label, NewKeyFile, NewPasswordFile, NewPasswordCommand],
    };

    internal static readonly CommandSpec Remove = new()
    {
        Path = "key remove",
        Help = "Remove a key; never the last of level full. Who copied the repository's secrets before still has them.",
        Examples = ["varve key remove 3fa2b1c4"],
        Arguments = [Key],
    };

    internal static readonly CommandSpec Command = new()
    {
        Path = "key",
        Help = "List, add or remove keys.",
        Examples = ["varve key list", "varve key add --level write --new-key-file /etc/varve/key"],
        Commands = [List, Add, Remove],
    };
}
