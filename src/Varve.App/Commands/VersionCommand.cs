using Varve.App.Invocation;
using Varve.App.Output;
using Varve.App.Settings.Line;

namespace Varve.App.Commands;

/// <summary><c>varve version</c>: as <c>--version</c>.</summary>
internal static class VersionCommand
{
    internal static Outcome Run(SettingValues values, CommandContext context)
    {
        Print(context.Out);
        return Outcome.Done;
    }

    /// <summary>Prints it; for <c>--version</c>, which needs nothing else.</summary>
    internal static void Print(TextOutput output) => output.WriteLine("varve " + Text);

    /// <summary>The version, as three numbers.</summary>
    internal static string Text => typeof(VersionCommand).Assembly.GetName().Version?.ToString(3) ?? "0";
}
