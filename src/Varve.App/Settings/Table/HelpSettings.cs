using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary><c>varve help</c> and <c>varve version</c>.</summary>
internal static class HelpSettings
{
    internal static readonly Positional Words = new()
    {
        Name = "COMMAND", Help = "The command that help is wanted for, such as backup or key add", Default = "the program",
        Presence = Presence.Any, Words = CommandTable.Names,
    };

    internal static readonly CommandSpec Help = new()
    {
        Path = "help", Help = "Show what a command does and takes.", Examples = ["varve help backup", "varve help key add"],
        Arguments = [Words], NoJson = "help is for people and takes no --json", UsesRepository = false,
    };

    internal static readonly CommandSpec Version = new()
    {
        Path = "version", Help = "Print the version.", Examples = ["varve version"],
        NoJson = "version prints a line and takes no --json", UsesRepository = false,
    };
}
