using Varve.App.Settings.Values;
using System.Globalization;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Table;

namespace Varve.App.Settings.Reference;

/// <summary>The manual: a page of the program, and one for each command that does something.</summary>
internal static class ManPages
{
    /// <summary>File names and texts.</summary>
    internal static IEnumerable<(string Name, string Text)> All() =>
        CommandTable.Leaves.Select(static c => (Title(c) + ".1", Of(c))).Prepend(("varve.1", Overview()));

    private static string Title(CommandSpec spec) => "varve-" + spec.Path.Replace(' ', '-');

    private static string Of(CommandSpec spec)
    {
        var page = new ManText(Title(spec), Lower(spec.Summary));
        page.Section("Synopsis");
        page.Synopsis("varve " + spec.Path, string.Join(' ', spec.Arguments.Select(static a => a.Synopsis).Append("[OPTIONS]")));
        page.Section("Description");
        page.Paragraph(spec.Help);
        if (spec.Arguments.Count > 0)
        {
            page.Section("Arguments");
            foreach (Positional argument in spec.Arguments) { page.Item(argument.Name, null, argument.Description); }
        }

        if (spec.Settings.Count > 0)
        {
            page.Section("Options");
            foreach (Setting setting in spec.Settings) { Option(page, setting); }
        }

        page.Section("Options of every command");
        foreach (Setting setting in GlobalSettings.All.Concat(ShellWords.Asking(spec))) { Option(page, setting); }
        if (spec == BackupSettings.Command) { Configuration(page); }
        Common(page, spec.Examples);
        return page.ToString();
    }

    private static string Overview()
    {
        var page = new ManText("varve", Lower(CommandTable.About.TrimEnd('.')));
        page.Section("Synopsis");
        page.Synopsis("varve", "COMMAND [OPTIONS]");
        page.Section("Commands");
        foreach (CommandSpec spec in CommandTable.Leaves) { page.Item(Title(spec) + "(1)", null, spec.Summary + "."); }
        page.Section("Options of every command");
        foreach (Setting setting in GlobalSettings.All.Concat(ShellWords.Asking(null))) { Option(page, setting); }
        page.Section("Environment");
        foreach ((string name, string help) in Variables.Listed) { page.Item(name, null, help + "."); }
        Common(page, CommandTable.Examples);
        return page.ToString();
    }

    private static void Option(ManText page, Setting setting) => page.Item(
        string.Join(", ", ShellWords.Names(setting)), setting.IsValueOptional ? $"[={setting.ValueName}]" : setting.ValueName,
        setting.Description + ".");

    private static void Configuration(ManText page)
    {
        page.Section("Configuration");
        page.Paragraph(
            $"A YAML file. At its top stand {string.Join(", ", ConfigKeys.OfAll)}; sources is a list, and a source has these keys:");
        foreach (Setting setting in ConfigKeys.Settings) { page.Item(setting.Key!, null, $"As {setting.Name}: {Lower(setting.Help)}."); }
        page.Item(ConfigKeys.Roots, null, $"Where the source lies: a list of paths, or of {string.Join(" and ", ConfigKeys.OfRoot)}.");
    }

    private static void Common(ManText page, IReadOnlyList<string> examples)
    {
        page.Section(examples.Count == 1 ? "Example" : "Examples");
        page.Example(examples);
        page.Section("Exit status");
        foreach ((int code, string meaning) in ExitCodes.All)
        {
            page.Item(code.ToString(CultureInfo.InvariantCulture), null, meaning + ".");
        }
    }

    private static string Lower(string text) =>
        text.Length > 1 && char.IsLower(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..] : text;
}
