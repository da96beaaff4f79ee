using Varve.App.Invocation;
using Varve.App.Settings.Line;
using Varve.App.Settings.Reference;

namespace Varve.App.Commands;

/// <summary><c>varve config example</c> and <c>varve config schema</c>.</summary>
internal static class ConfigTextCommand
{
    internal static Outcome RunExample(SettingValues values, CommandContext context)
    {
        context.Out.Write(ConfigExample.Text);
        return Outcome.Done;
    }

    internal static Outcome RunSchema(SettingValues values, CommandContext context)
    {
        context.Out.Write(ConfigSchema.Text());
        return Outcome.Done;
    }
}
