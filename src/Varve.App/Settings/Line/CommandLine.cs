using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Varve.App.Settings.Table;

namespace Varve.App.Settings.Line;

/// <summary>
/// The parsed command line. Only the verbs whose names occur among the arguments are built: every start
/// pays for what it defines.
/// </summary>
internal sealed class CommandLine
{
    private readonly string[] _args;

    private CommandLine(string[] args, Command root, Symbols symbols, ParseResult result)
    {
        _args = args;
        Root = root;
        Result = result;
        Values = new SettingValues(result, symbols);
    }

    internal Command Root { get; }

    internal ParseResult Result { get; }

    /// <summary>Help is asked for.</summary>
    internal bool IsHelp => Result.Action is HelpAction;

    /// <summary>What was typed.</summary>
    internal SettingValues Values { get; }

    /// <summary>The command that was named; null if there is none.</summary>
    internal CommandSpec? Spec => (Result.CommandResult.Command as SpecCommand)?.Spec;

    /// <summary>Parses; errors are in the result, see <see cref="ThrowIfWrong"/>.</summary>
    internal static CommandLine Parse(string[] args)
    {
        CommandLine line = Parse(args, all: false);
        return line.Result.CommandResult.Command == line.Root ? Parse(args, all: true) : line;
    }

    private static CommandLine Parse(string[] args, bool all)
    {
        // Not a RootCommand: that brings directives, and "[suggest]" may be a path.
        var root = new Command("varve", CommandTable.About);
        var symbols = new Symbols();
        root.Options.Add(new Option<bool>("--version") { Description = "Print the version" });
        root.Options.Add(new HelpOption { Description = "Show this help" });
        foreach (Setting setting in GlobalSettings.All) { root.Options.Add(symbols.Option(setting, recursive: true)); }
        foreach (string name in CommandTable.Names)
        {
            if (all || Array.IndexOf(args, name) >= 0) { root.Subcommands.Add(symbols.Command(CommandTable.Find(name))); }
        }

        // No response files: "@notes" may be a path.
        var configuration = new ParserConfiguration { ResponseFileTokenReplacer = null };
        return new CommandLine(args, root, symbols, root.Parse(args, configuration));
    }

    /// <summary>Throws <see cref="ErrorKind.Usage"/> if the arguments do not make a command.</summary>
    internal void ThrowIfWrong()
    {
        string? mistyped = Mistyped();
        if (Result.Errors.Count == 0 && mistyped is null && Spec is { Commands.Count: 0 }) { return; }

        string message = mistyped is not null ? $"there is no option '{mistyped}'; what follows '--' is no option"
            : Result.CommandResult.Command == Root && Result.UnmatchedTokens is [var unknown, ..]
            ? $"there is no command '{unknown}'"
            : Result.Errors.Count > 0 ? Result.Errors[0].Message.TrimEnd('.') : "a command is missing";
        throw new VarveException(ErrorKind.Usage, Spec is null ? Subject.None : Subject.Command(Spec.Path), message, Advice.SeeHelp);
    }

    /// <summary>
    /// An option that does not exist, which the parser takes for a path; null if there is none. After <c>--</c> everything may start with a
    /// dash.
    /// </summary>
    private string? Mistyped()
    {
        int end = Array.IndexOf(_args, "--");
        ReadOnlySpan<string> free = end < 0 ? [] : _args.AsSpan(end + 1);
        foreach (Argument argument in Result.CommandResult.Command.Arguments)
        {
            foreach (Token token in Result.GetResult(argument)?.Tokens ?? [])
            {
                if (token.Value is ['-', _, ..] && !free.Contains(token.Value)) { return token.Value; }
            }
        }

        return null;
    }
}
