using Varve.App.Invocation;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.Vault.Open;

namespace Varve.App.Commands.Keys;

/// <summary><c>varve key list</c>: the one in use has a star.</summary>
internal static class KeyListCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        using Repository repository = context.Open();
        foreach (KeySlotInfo slot in repository.Keys()) { context.Results.Write(new KeyReport(slot)); }
        return Outcome.Done;
    }
}
