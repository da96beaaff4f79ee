using System.Text;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;

namespace Varve.App.Settings.Reference;

/// <summary>Completion for zsh, by its own <c>_arguments</c>: a file <c>_varve</c> in <c>$fpath</c>, or sourced.</summary>
internal static class ZshCompletion
{
    /// <summary>What the catalog knows: nothing else is read, and nothing is waited for.</summary>
    private const string Ask = """
        _varve_ask() {
            local kind=$argv[-1] line word shown # _arguments may put options before it
            local -a expl more moreshown whole wholeshown
            local program=${(Q)_varve_typed[1]/#\~\//$HOME/}
            for line in "${(@f)$("$program" complete $kind -- "${(@Q)_varve_typed[2,-1]}" "${(Q)PREFIX}" 2>/dev/null)}"; do
                word=${line%%$'\t'*}
                [[ -n $word ]] || continue
                # Of a path its last part is shown, of all else what it is.
                shown=${line#*$'\t'}
                if [[ -n $shown ]]; then shown="$word  $shown"; else shown=${${word%/}##*[:/]}${(M)word%/}; fi
                if [[ $word == */ || ( $kind == snapshot-paths && $word != *[:/]* ) ]]; then more+=("$word") moreshown+=("$shown")
                else whole+=("$word") wholeshown+=("$shown"); fi
            done
            (($#more + $#whole)) || return 1
            _wanted -V $kind expl ${kind//-/ } compadd -l -S '' -d moreshown -a more
            _wanted -V $kind expl ${kind//-/ } compadd -l -d wholeshown -a whole
            return 0
        }


        """;

    internal static string Script()
    {
        var text = new StringBuilder();
        text.Append("#compdef varve\n# zsh completion for varve. Made by 'varve reference zsh'.\n\n").Append(Ask);
        foreach (CommandSpec spec in CommandTable.Leaves) { Leaf(text, spec); }
        foreach (CommandSpec group in CommandTable.All.Where(static c => c.Commands.Count > 0))
        {
            Group(text, Function(group), group.Commands, ShellWords.Settings(group));
        }
        Group(text, "_varve", CommandTable.All, GlobalSettings.All.Concat(ShellWords.Asking(null)));
        // The functions of commands see only what stands after them; the program is told the whole line.
        text.Replace("_varve() {\n", "_varve() {\n    local -a _varve_typed=(\"${(@)words[1,CURRENT-1]}\")\n");
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

    private static void Group(StringBuilder text, string function, IEnumerable<CommandSpec> commands, IEnumerable<Setting> settings)
    {
        text.Append(function).Append("() {\n    local curcontext=$curcontext state line\n    local -a commands\n    commands=(\n");
        foreach (CommandSpec spec in commands)
        {
            text.Append("        ").Append(ShellWords.Quote($"{spec.Name}:{Escape(spec.Summary)}")).Append('\n');
        }
        text.Append("    )\n    _arguments -s -S -C \\\n");
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
            _ => CompleteSettings.KindOf(completes) is { } kind ? "_varve_ask " + kind : " ",
        };

    private static string Function(CommandSpec spec) => "_varve_" + spec.Path.Replace(' ', '_');

    private static string Escape(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace(":", @"\:", StringComparison.Ordinal)
        .Replace("[", @"\[", StringComparison.Ordinal).Replace("]", @"\]", StringComparison.Ordinal);
}
