using Varve.App.Invocation;
using Varve.App.Output;
using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.Vault.Open;

namespace Varve.App.Commands.Keys;

/// <summary><c>varve key remove</c>: never the last of level full.</summary>
internal static class KeyRemoveCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        string key = values.ArgumentText(KeySettings.Key, "the key");
        using Repository repository = context.Open();
        Func<KeySlotInfo, bool>? confirm = values.Has(KeySettings.Yes) ? null : slot => Confirm(slot, context);
        if (repository.RemoveKey(key, confirm)) { return context.Conclude(new KeyRemovedReport(key), Outcome.Done); }
        context.Say("nothing was removed");
        return Outcome.Failed;
    }

    private static bool Confirm(KeySlotInfo slot, CommandContext context)
    {
        string name = $"key {Human.Short(slot.Name)} ({NameText.Escape(slot.Label)})";
        return context.Ask is not { } ask
            ? throw new VarveException(ErrorKind.Usage, Subject.Request(name), "is the one in use", Advice.SayYes)
            : ask($"{name} is the one in use. Remove it? [y/N] ")?.Trim() is "y" or "Y" or "yes";
    }
}
