using Varve.App.Settings.Values;
using System.Globalization;
using System.Text;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Table;

namespace Varve.App.Settings.Reference;

/// <summary>All commands and settings on a page: docs/reference.md.</summary>
internal static class MarkdownReference
{
    internal static string Page()
    {
        var text = new StringBuilder();
        text.Append(
            "# Commands and settings\n\nMade by `varve reference markdown` from the table of settings; a test holds it current.\n\n## "
            + "Options of every command\n\n");
        Options(text, GlobalSettings.All.Concat(ShellWords.Asking(null)));
        foreach (CommandSpec spec in CommandTable.Leaves)
        {
            text.Append("\n## varve ").Append(spec.Path).Append("\n\n").Append(Escape(spec.Help)).Append("\n\n```\nvarve ")
                .Append(spec.Path);
            foreach (Positional argument in spec.Arguments) { text.Append(' ').Append(argument.Synopsis); }
            text.Append(" [OPTIONS]\n```\n\n");
            foreach (Positional argument in spec.Arguments)
            {
                text.Append("- `").Append(argument.Name).Append("`: ").Append(Escape(argument.Description)).Append('\n');
            }
            if (spec.Arguments.Count > 0 && spec.Settings.Count > 0) { text.Append('\n'); }
            if (spec.Settings.Count > 0) { Options(text, spec.Settings); }
            text.Append(spec.Arguments.Count + spec.Settings.Count > 0 ? "\n" : "").Append("```\n").AppendJoin('\n', spec.Examples)
                .Append("\n```\n");
        }

        text.Append("\n## Configuration\n\nAt the top of the file: ").AppendJoin(", ", ConfigKeys.OfAll.Select(Code))
            .Append(".\n\n| key of a source | as |\n|---|---|\n");
        foreach (Setting setting in ConfigKeys.Settings)
        {
            text.Append("| ").Append(Code(setting.Key!)).Append(" | ").Append(Code(setting.Name)).Append(" |\n");
        }
        text.Append("| ").Append(Code(ConfigKeys.Roots)).Append(" | the PATHs: a list of paths, or of ")
            .AppendJoin(" and ", ConfigKeys.OfRoot.Select(Code)).Append(" |\n");
        text.Append("\n## Environment\n\n| variable | |\n|---|---|\n");
        foreach ((string name, string help) in Variables.Listed)
        {
            text.Append("| ").AppendJoin(", ", name.Split(", ").Select(Code)).Append(" | ").Append(Escape(help)).Append(" |\n");
        }
        text.Append("\n## Exit codes\n\n| code | meaning |\n|---|---|\n");
        foreach ((int code, string meaning) in ExitCodes.All)
        {
            text.Append("| ").Append(code.ToString(CultureInfo.InvariantCulture)).Append(" | ").Append(meaning).Append(" |\n");
        }
        return text.ToString();
    }

    private static void Options(StringBuilder text, IEnumerable<Setting> settings)
    {
        text.Append("| option | | default |\n|---|---|---|\n");
        foreach (Setting setting in settings)
        {
            string value = setting.IsFlag ? "" : setting.IsValueOptional ? $"[={setting.ValueName}]" : $" {setting.ValueName}";
            text.Append("| ").AppendJoin(", ", ShellWords.Names(setting).Select(n => Code(n + value))).Append(" | ")
                .Append(Escape(setting.Help)).Append(setting.IsRepeated ? "; may be repeated" : "")
                .Append(" | ").Append(Escape(setting.Origin)).Append(" |\n");
        }
    }

    private static string Code(string text) => $"`{text.Replace("|", "\\|", StringComparison.Ordinal)}`";

    private static string Escape(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal).Replace("~", "\\~", StringComparison.Ordinal)
        .Replace("*", "\\*", StringComparison.Ordinal);
}
