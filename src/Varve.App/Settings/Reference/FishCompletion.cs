using Varve.App.Settings.Values;
using System.Text;
using Varve.App.Settings.Table;

namespace Varve.App.Settings.Reference;

/// <summary>Completion for fish: a line for each command and option.</summary>
internal static class FishCompletion
{
    /// <summary>What the catalog knows: nothing else is read, and nothing is waited for.</summary>
    private const string Ask = """
        function __varve_ask
            set -l typed (commandline -opc)
            set -l word (commandline -ct | string replace -r -- '^--[a-z-]+=' '' | string unescape)
            command $typed[1] complete $argv[1] -- $typed[2..-1] "$word" 2>/dev/null
        end

        """;

    internal static string Script()
    {
        var text = new StringBuilder();
        text.Append("# fish completion for varve. Made by 'varve reference fish'.\n").Append(Ask).Append("complete -c varve -f\n");
        foreach (Setting setting in GlobalSettings.All.Append(GlobalSettings.Help)) { Option(text, "", setting); }
        Option(text, "__fish_use_subcommand", GlobalSettings.Version);
        foreach (CommandSpec spec in CommandTable.All)
        {
            Word(text, "__fish_use_subcommand", spec.Name, spec.Summary);
            string seen = $"__fish_seen_subcommand_from {spec.Name}";
            string names = string.Join(' ', spec.Commands.Select(static c => c.Name));
            foreach (CommandSpec below in spec.Commands)
            {
                Word(text, $"{seen}; and not __fish_seen_subcommand_from {names}", below.Name, below.Summary);
                Leaf(text, $"{seen}; and __fish_seen_subcommand_from {below.Name}", below);
            }

            if (spec.Commands.Count == 0) { Leaf(text, seen, spec); }
        }

        return text.ToString();
    }

    private static void Leaf(StringBuilder text, string condition, CommandSpec spec)
    {
        foreach (Setting setting in spec.Settings) { Option(text, condition, setting); }
        foreach (Positional argument in spec.Arguments)
        {
            foreach (string word in argument.Words) { Word(text, condition, word, argument.Name); }
            if (argument.Completes == Completes.Files) { Start(text, condition).Append(" -F\n"); }
            if (argument.Completes == Completes.Directories) { Start(text, condition).Append(" -a '(__fish_complete_directories)'\n"); }
            if (CompleteSettings.KindOf(argument.Completes) is { } kind) { Start(text, condition).Append($" -k -a '(__varve_ask {kind})'\n"); }
        }
    }

    private static void Option(StringBuilder text, string condition, Setting setting)
    {
        Start(text, condition).Append(" -l ").Append(setting.Name.AsSpan(2));
        if (setting.Alias is { } alias) { text.Append(" -s ").Append(alias.AsSpan(1)); }
        if (setting is { IsFlag: false, IsValueOptional: false })
        {
            text.Append(" -x");
            if (setting.Words.Count > 0) { text.Append(" -a ").Append(Quote(string.Join(' ', setting.Words))); }
            else if (setting.Completes == Completes.Directories) { text.Append(" -a '(__fish_complete_directories)'"); }
            else if (setting.Completes == Completes.Files) { text.Append(" -a '(__fish_complete_path)'"); }
            else if (CompleteSettings.KindOf(setting.Completes) is { } kind) { text.Append($" -a '(__varve_ask {kind})'"); }
        }

        text.Append(" -d ").Append(Quote(setting.Help)).Append('\n');
    }

    private static void Word(StringBuilder text, string condition, string word, string summary) =>
        Start(text, condition).Append(" -a ").Append(word).Append(" -d ").Append(Quote(summary)).Append('\n');

    private static StringBuilder Start(StringBuilder text, string condition)
    {
        text.Append("complete -c varve");
        return condition.Length == 0 ? text : text.Append(" -n ").Append(Quote(condition));
    }

    private static string Quote(string text) =>
        "'" + text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal) + "'";
}
