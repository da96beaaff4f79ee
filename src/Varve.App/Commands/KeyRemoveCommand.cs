using Varve.App.Output.Reports;
using Varve.App.Settings.Line;
using Varve.App.Settings.Table;

namespace Varve.App.Commands;

/// <summary><c>varve key remove</c>: never the last of level full.</summary>
internal static class KeyRemoveCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        string key = values.ArgumentText(KeySettings.Key, "the key");
        using Repository repository = context.Open();
        repository.RemoveKey(key);
        context.Results.Write(new KeyRemovedReport(key));
        return Outcome.Done;
    }
}
