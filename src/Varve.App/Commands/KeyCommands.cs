using System.CommandLine;

namespace Varve.App.Commands;

/// <summary><c>varve key</c>: who can open the repository.</summary>
internal static class KeyCommands
{
    internal static Command Create()
    {
        var group = new ExampleCommand("key", "List, add or remove keys.", "varve key list", "varve key add --level write --new-key-file /etc/varve/key");
        group.Subcommands.Add(new KeyListCommand());
        group.Subcommands.Add(new KeyAddCommand());
        group.Subcommands.Add(new KeyRemoveCommand());
        return group;
    }
}
