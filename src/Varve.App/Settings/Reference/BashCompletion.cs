using System.Globalization;
using System.Text;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;

namespace Varve.App.Settings.Reference;

/// <summary>Completion for bash: commands, options, closed sets of values, files and directories. It needs no helper package.</summary>
internal static class BashCompletion
{
    internal static string Script()
    {
        var text = new StringBuilder();
        text.Append(BashWords.Functions);
        text.Append("            ").AppendJoin('|', ValueOptions()).Append(") skip=1 ;;\n");
        text.Append("            -*) ;;\n            *) case \"$command/$word\" in\n");
        text.Append("                ").AppendJoin('|', CommandTable.All.SelectMany(Places))
            .Append(") command=${command:+$command }$word ;;\n");
        text.Append("                *) place=$((place + 1)) ;;\n            esac ;;\n        esac\n    done\n    case $prev in\n");
        foreach (Setting setting in ShellWords.Distinct().Where(static s => s.Words.Count > 0))
        {
            Case(text, setting, $"words={ShellWords.Quote(string.Join(' ', ShellWords.Words(setting)))}");
        }
        foreach (Setting setting in ShellWords.Distinct().Where(static s => s is { IsFlag: false, Words.Count: 0 }))
        {
            Case(text, setting, Generator(setting.Completes));
        }
        text.Append(
            "    esac\n    if [[ -n $words ]]; then\n        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n        "
            + "_varve_trim; return\n    fi\n");
        text.Append("    case $command in\n");
        text.Append("        '') words=").Append(ShellWords.Quote(string.Join(' ', CommandTable.Names))).Append(" options=")
            .Append(ShellWords.Quote(Options(GlobalSettings.All.Concat(ShellWords.Asking(null))))).Append(" ;;\n");
        foreach (CommandSpec group in CommandTable.All.Where(static c => c.Commands.Count > 0))
        {
            text.Append("        ").Append(ShellWords.Quote(group.Path)).Append(") words=")
                .Append(ShellWords.Quote(string.Join(' ', group.Commands.Select(static c => c.Name))))
                .Append(" options=").Append(ShellWords.Quote(Options(ShellWords.Settings(group)))).Append(" ;;\n");
        }

        foreach (CommandSpec spec in CommandTable.Leaves)
        {
            text.Append("        ").Append(ShellWords.Quote(spec.Path)).Append(") options=")
                .Append(ShellWords.Quote(Options(ShellWords.Settings(spec))));
            text.Append(" ;;\n");
        }

        text.Append(
            "    esac\n    if [[ $cur == -* ]]; then\n        mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$cur\")\n        "
            + "return\n    fi\n");
        text.Append("    case $command/$place in\n");
        foreach (CommandSpec spec in CommandTable.Leaves)
        {
            for (int i = 0; i < spec.Arguments.Count; i++) { Argument(text, spec, i); }
        }

        text.Append("    esac\n    [[ -z $words ]] || mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n");
        text.Append("    _varve_trim\n}\ncomplete -F _varve varve\n");
        return text.ToString();
    }

    private static void Case(StringBuilder text, Setting setting, string action)
    {
        if (setting.IsValueOptional) { return; }
        text.Append("        ").AppendJoin('|', ShellWords.Names(setting)).Append(") ").Append(action)
            .Append(action.StartsWith("words=", StringComparison.Ordinal) ? " ;;\n" : "; _varve_trim; return ;;\n");
    }

    private static void Argument(StringBuilder text, CommandSpec spec, int place)
    {
        Positional argument = spec.Arguments[place];
        if (argument is { Words.Count: 0, Completes: Completes.Nothing }) { return; }
        string action = argument.Words.Count > 0 ? "words=" + ShellWords.Quote(string.Join(' ', argument.Words))
            : Generator(argument.Completes);
        text.Append("        ").Append(ShellWords.Quote(spec.Path + "/"))
            .Append(argument.Presence == Presence.Any ? "*" : place.ToString(CultureInfo.InvariantCulture))
            .Append(") ").Append(action).Append(" ;;\n");
    }

    private static string Generator(Completes completes) => completes switch
    {
        Completes.Directories => "compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- \"$cur\")",
        Completes.Files => "compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")",
        _ => CompleteSettings.KindOf(completes) is { } kind ? "_varve_ask " + kind : ":",
    };

    /// <summary>Where a command stands: after its group, or after nothing.</summary>
    private static IEnumerable<string> Places(CommandSpec spec) =>
        spec.Commands.Select(c => $"{spec.Path}/{c.Name}").Prepend("/" + spec.Path);

    private static IEnumerable<string> ValueOptions() =>
        ShellWords.Distinct().Where(static s => s is { IsFlag: false, IsValueOptional: false }).SelectMany(ShellWords.Names);

    private static string Options(IEnumerable<Setting> settings) => string.Join(' ', settings.SelectMany(ShellWords.Names));
}
