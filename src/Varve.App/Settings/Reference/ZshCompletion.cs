using System.Text;
using Varve.App.Settings.Table;

namespace Varve.App.Settings.Reference;

/// <summary>Completion for zsh, by its own <c>_arguments</c>: a file <c>_varve</c> in <c>$fpath</c>, or sourced.</summary>
internal static class ZshCompletion
{
    internal static string Script()
    {
        var text = new StringBuilder();
        text.Append("#compdef varve\n# zsh completion for varve. Made by 'varve reference zsh'.\n\n");
        foreach (CommandSpec spec in CommandTable.Leaves) { Leaf(text, spec); }
        foreach (CommandSpec group in CommandTable.All.Where(static c => c.Commands.Count > 0))
        {
            Group(text, Function(group), group.Commands, ShellWords.Settings(group));
        }
        Group(text, "_varve", CommandTable.All, GlobalSettings.All.Concat(ShellWords.Help), "        '--version[Print the version]' \\\n");
        text.Append("if [[ $funcstack[1] == _varve ]]; then\n    _varve \"$@\"\nelse\n    compdef _varve varve\nfi\n");
        return text.ToString();
    }

    private static void Leaf(StringBuilder text, CommandSpec spec)
    {
        text.Append(Function(spec)).Append("() {\n    _arguments -s -S \\\n");
        foreach (Setting setting in ShellWords.Settings(spec)) { Option(text, setting); }
        for (int i = 0; i < spec.Arguments.Count; i++)
        {
            Positional argument = spec.Arguments[i];
            string place = argument.Presence switch { Presence.Any => "*", Presence.Optional => $"{i + 1}:", _ => $"{i + 1}" };
            text.Append("        ")
                .Append(ShellWords.Quote($"{place}:{Escape(argument.Name)}:{Action(argument.Words, argument.Completes)}")).Append(" \\\n");
        }

        End(text);
    }

    private static void Group(StringBuilder text, string function, IEnumerable<CommandSpec> commands, IEnumerable<Setting> settings,
        string more = "")
    {
        text.Append(function).Append("() {\n    local curcontext=$curcontext state line\n    local -a commands\n    commands=(\n");
        foreach (CommandSpec spec in commands)
        {
            text.Append("        ").Append(ShellWords.Quote($"{spec.Name}:{Escape(spec.Summary)}")).Append('\n');
        }
        text.Append("    )\n    _arguments -s -S -C \\\n").Append(more);
        foreach (Setting setting in settings) { Option(text, setting); }
        text.Append(
            "        '1:command:->command' \\\n        '*::argument:->argument'\n    case $state in\n        command) _describe command "
            + "commands ;;\n");
        text.Append("        argument) case $line[1] in\n");
        foreach (CommandSpec spec in commands)
        {
            text.Append("            ").Append(spec.Name).Append(") ").Append(Function(spec)).Append(" ;;\n");
        }
        text.Append("        esac ;;\n    esac\n}\n\n");
    }

    private static void Option(StringBuilder text, Setting setting)
    {
        string value = setting.IsFlag ? "" : $":{Escape(setting.ValueName!)}:{Action(setting.Words, setting.Completes)}";
        // An optional value stands behind '=' only.
        string mark = setting.IsFlag ? "" : setting.IsValueOptional ? "=-" : "=";
        if (setting.IsValueOptional) { value = ":" + value; }
        string repeated = setting.IsRepeated ? "*" : setting.Alias is null ? "" : $"({setting.Name} {setting.Alias})";
        text.Append("        ").Append(ShellWords.Quote($"{repeated}{setting.Name}{mark}[{Escape(setting.Help)}]{value}")).Append(" \\\n");
        if (setting.Alias is { } alias)
        {
            text.Append("        ")
                .Append(ShellWords.Quote($"{repeated}{alias}{(setting.IsFlag ? "" : "+")}[{Escape(setting.Help)}]{value}")).Append(" \\\n");
        }
    }

    private static void End(StringBuilder text)
    {
        text.Length -= " \\\n".Length;
        text.Append("\n}\n\n");
    }

    private static string Action(IReadOnlyList<string> words, Completes completes) =>
        words.Count > 0 ? $"({string.Join(' ', words)})" : completes switch
        {
            Completes.Directories => "_files -/",
            Completes.Files => "_files",
            _ => " ",
        };

    private static string Function(CommandSpec spec) => "_varve_" + spec.Path.Replace(' ', '_');

    private static string Escape(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace(":", @"\:", StringComparison.Ordinal)
        .Replace("[", @"\[", StringComparison.Ordinal).Replace("]", @"\]", StringComparison.Ordinal);
}
