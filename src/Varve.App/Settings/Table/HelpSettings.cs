using Varve.App.Settings.Values;

namespace Varve.App.Settings.Table;

/// <summary><c>varve help</c>, <c>varve version</c>, and <c>varve reference</c>: what is made from this table.</summary>
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

    internal static readonly Positional Format = new()
    {
        Name = "FORMAT",
        Help = "bash, zsh or fish: a completion script; markdown: the reference on a page; man: a man page for each command, written into "
            + "DIR",
        Words = ["bash", "zsh", "fish", "markdown", "man"],
    };

    internal static readonly Positional Directory = new()
    {
        Name = "DIR", Help = "Where man pages go, such as /usr/local/share/man/man1", Presence = Presence.Optional,
        Completes = Completes.Directories,
    };

    internal static readonly CommandSpec Reference = new()
    {
        Path = "reference",
        Help = "Print what the shell and the manual need to know of all commands and options.",
        Examples = ["source <(varve reference bash)", "varve reference fish > ~/.config/fish/completions/varve.fish",
            "varve reference man /usr/local/share/man/man1"],
        Arguments = [Format, Directory],
        NoJson = "reference prints scripts and pages and takes no --json",
        UsesRepository = false,
    };
}
