using System.CommandLine;

namespace Varve.App.Commands;

/// <summary><c>varve catalog</c>: the local database.</summary>
internal static class CatalogCommands
{
    internal static Command Create()
    {
        var group = new ExampleCommand("catalog", "Show or rebuild the catalog, the local database. It is a cache: losing it costs time, never data.",
            "varve catalog status", "varve catalog rebuild");
        group.Subcommands.Add(new CatalogStatusCommand());
        group.Subcommands.Add(new CatalogRebuildCommand());
        return group;
    }
}
