using Varve.App.Settings.Values;
using System.Globalization;
using Varve.App.Settings.Table;

namespace Varve.App.Settings.Reference;

/// <summary>Help on a terminal, from the table: of the program, of a group of commands, or of a command.</summary>
internal static class HelpPage
{
    /// <summary>Below this nothing fits; above the other, lines are hard to read.</summary>
    private const int Narrowest = 60, Widest = 110;

    /// <summary>The page for so many columns; null is the program.</summary>
    internal static string Of(CommandSpec? spec, int width)
    {
        var page = new HelpText(Math.Clamp(width, Narrowest, Widest));
        page.Paragraph(spec?.Help ?? CommandTable.About);
        page.Heading("Usage");
        page.Command(Usage(spec));
        IEnumerable<CommandSpec> commands = spec is null ? CommandTable.All : spec.Commands;
        page.Rows("Commands", [.. commands.Select(static c => (c.Name, c.Summary))]);
        if (spec is null or { Commands.Count: > 0 })
        {
            page.Blank();
            page.Paragraph($"'varve help {(spec is null ? "" : spec.Path + " ")}COMMAND' has all options of a command.");
        }
        page.Rows("Arguments", [.. (spec?.Arguments ?? []).Select(static a => (a.Name, a.Description))]);
        page.Rows("Options", [.. (spec?.Settings ?? []).Select(Row)]);
        IReadOnlyList<string> examples = spec?.Examples ?? CommandTable.Examples;
        page.Heading(examples.Count == 1 ? "Example" : "Examples");
        foreach (string example in examples) { page.Command(example); }
        if (spec is null)
        {
            page.Rows("Environment variables", [.. Variables.Listed]);
            page.Rows("Exit codes", [.. ExitCodes.All.Select(static c => (c.Code.ToString(CultureInfo.InvariantCulture), c.Meaning))]);
        }

        page.Rows("Global options", [.. GlobalSettings.All.Concat(ShellWords.Asking(spec)).Select(Row)]);
        return page.ToString();
    }

    private static string Usage(CommandSpec? spec) => spec is null ? "varve COMMAND [OPTIONS]"
        : spec.Commands.Count > 0 ? $"varve {spec.Path} COMMAND [OPTIONS]"
        : string.Join(' ', [.. spec.Arguments.Select(static a => a.Synopsis).Prepend($"varve {spec.Path}"), "[OPTIONS]"]);

    private static (string, string) Row(Setting setting)
    {
        string names = setting.Alias is null ? setting.Name : $"{setting.Alias}, {setting.Name}";
        string value = setting.IsFlag ? "" : setting.IsValueOptional ? $"[={setting.ValueName}]" : $" {setting.ValueName}";
        return (names + value, setting.Description);
    }
}
