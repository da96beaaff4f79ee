using Varve.App.Settings.Values;
using Varve.Keys;

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

    internal static readonly FlagSetting Yes = new() { Name = "--yes", Help = "Do not ask before the key in use is removed" };

    internal static readonly ValueSetting<string> Output = new()
    {
        Name = "--output", ValueName = "FILE", Help = "Write it into a new file to print: a page if it is called .html, else text",
        Completes = Completes.Files, Parse = Texts.NotEmpty,
    };

    internal static readonly Positional Key = new()
    {
        Name = "KEY", Help = "The first digits of its name, or its label, as 'varve key list' shows them",
    };

    internal static readonly Positional KeyOrCurrent = new()
    {
        Name = "KEY", Help = Key.Help, Default = "the key in use", Presence = Presence.Optional,
    };

    internal static readonly Positional PaperKey = new()
    {
        Name = "FILE", Help = "A file with the paper key: its lines, or the text of its QR code", Default = "asks for each line",
        Presence = Presence.Optional, Completes = Completes.Files,
    };

    internal static readonly CommandSpec List = new()
    {
        Path = "key list", Help = "List the keys; a star marks the one in use.", Examples = ["varve key list"],
    };

    internal static readonly CommandSpec Add = new()
    {
        Path = "key add",
        Help = "Add a password or key file. Level full opens everything; level write can back up, but not read one file or file name back.",
        Examples = ["varve key add --level write --new-key-file /etc/varve/key", "varve key add --label 'in my head'"],
        Settings = [Level, RepositorySettings.Label, NewKeyFile, NewPasswordFile, NewPasswordCommand],
    };

    internal static readonly CommandSpec Passwd = new()
    {
        Path = "key passwd",
        Help = "Change the password of a key, or put another key file in the place of its own. At every moment one of the two opens the "
            + "repository.",
        Examples = ["varve key passwd", "varve key passwd nas --new-key-file /etc/varve/new-key"],
        Arguments = [KeyOrCurrent],
        Settings = [NewKeyFile, NewPasswordFile, NewPasswordCommand],
    };

    internal static readonly CommandSpec Remove = new()
    {
        Path = "key remove",
        Help = "Remove a key; never the last of level full. Who copied the repository's secrets before still has them.",
        Examples = ["varve key remove 3fa2b1c4"],
        Arguments = [Key],
        Settings = [Yes],
    };

    internal static readonly CommandSpec Export = new()
    {
        Path = "key export",
        Help = "Show the repository's secrets as a paper key: lines to type, and a QR code. Whoever has it opens the repository without any "
            + "password, even when header and keys are lost.",
        Examples = ["varve key export", "varve key export --output paper-key.html"],
        Settings = [Level, Output],
    };

    internal static readonly CommandSpec Import = new()
    {
        Path = "key import",
        Help = "Make a key of a paper key, from FILE or typed line by line. A header that is lost or damaged is written again.",
        Examples = ["varve key import -r /mnt/disk/backup --new-key-file ~/.config/varve/key", "varve key import scanned.txt"],
        Arguments = [PaperKey],
        Settings = [RepositorySettings.Label, NewKeyFile, NewPasswordFile, NewPasswordCommand],
    };

    internal static readonly CommandSpec Command = new()
    {
        Path = "key",
        Help = "List, add, change or remove keys, and put them on paper.",
        Examples = ["varve key list", "varve key add --level write --new-key-file /etc/varve/key"],
        Commands = [List, Add, Passwd, Remove, Export, Import],
    };
}
