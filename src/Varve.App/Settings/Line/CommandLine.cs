using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Varve.App.Options;
using Varve.Model;

namespace Varve.App.Commands;

/// <summary>
/// The parsed command line. Only the verbs whose names occur among the arguments are built: every start
/// pays for what it defines.
/// </summary>
internal sealed class CommandLine
{
    private static readonly string[] s_names =
        ["init", "backup", "snapshots", "ls", "find", "restore", "dump", "check", "stats", "unstable", "key", "catalog", "sql"];

    private readonly string[] _args;

    private CommandLine(string[] args, Command root, GlobalSymbols globals, ParseResult result)
    {
        _args = args;
        Root = root;
        Globals = globals;
        Result = result;
    }

    internal Command Root { get; }

    internal GlobalSymbols Globals { get; }

    internal ParseResult Result { get; }

    /// <summary>Parses; errors are in the result, see <see cref="ThrowIfWrong"/>.</summary>
    internal static CommandLine Parse(string[] args)
    {
        CommandLine line = Parse(args, all: false);
        return line.Result.CommandResult.Command == line.Root ? Parse(args, all: true) : line;
    }

    private static CommandLine Parse(string[] args, bool all)
    {
        // Not a RootCommand: that brings directives, and "[suggest]" may be a path.
        var root = new Command("varve", "Varve backs up file trees as deduplicated, compressed, encrypted snapshots.");
        root.Options.Add(new Option<bool>("--version") { Description = "Print the version" });
        root.Options.Add(new HelpOption { Description = "Show this help" });
        var globals = new GlobalSymbols();
        globals.AddTo(root);
        foreach (string name in s_names)
        {
            if (all || Array.IndexOf(args, name) >= 0)
            {
                root.Subcommands.Add(Create(name));
            }
        }

        // No response files: "@notes" may be a path.
        var configuration = new ParserConfiguration { ResponseFileTokenReplacer = null };
        return new CommandLine(args, root, globals, root.Parse(args, configuration));
    }

    /// <summary>Throws <see cref="ErrorKind.Usage"/> if the arguments do not make a command.</summary>
    internal void ThrowIfWrong()
    {
        string? mistyped = Mistyped();
        if (Result.Errors.Count == 0 && mistyped is null && Result.CommandResult.Command is VarveCommand)
        {
            return;
        }

        string command = "varve";
        for (Symbol? symbol = Result.CommandResult.Command; symbol is not null && symbol != Root; symbol = Parent(symbol))
        {
            command = command == "varve" ? $"varve {symbol.Name}" : command.Insert("varve ".Length, symbol.Name + " ");
        }

        string message = mistyped is not null ? $"there is no option '{mistyped}'; what follows '--' is no option" : Result.CommandResult.Command == Root && Result.UnmatchedTokens is [var unknown, ..]
            ? $"there is no command '{unknown}'"
            : Result.Errors.Count > 0 ? Result.Errors[0].Message.TrimEnd('.') : "a command is missing";
        throw new VarveException(ErrorKind.Usage, message, $"See '{command} --help'.");
    }

    /// <summary>An option that does not exist, which the parser takes for a path; null if there is none. After <c>--</c> everything may start with a dash.</summary>
    private string? Mistyped()
    {
        int end = Array.IndexOf(_args, "--");
        ReadOnlySpan<string> free = end < 0 ? [] : _args.AsSpan(end + 1);
        foreach (Argument argument in Result.CommandResult.Command.Arguments)
        {
            foreach (Token token in Result.GetResult(argument)?.Tokens ?? [])
            {
                if (token.Value is ['-', _, ..] && !free.Contains(token.Value))
                {
                    return token.Value;
                }
            }
        }

        return null;
    }

    private static Symbol? Parent(Symbol symbol)
    {
        foreach (Symbol parent in symbol.Parents)
        {
            return parent;
        }

        return null;
    }

    private static Command Create(string name) => name switch
    {
        "init" => new InitCommand(),
        "backup" => new BackupCommand(),
        "snapshots" => new SnapshotsCommand(),
        "ls" => new LsCommand(),
        "find" => new FindCommand(),
        "restore" => new RestoreCommand(),
        "dump" => new DumpCommand(),
        "check" => new CheckCommand(),
        "stats" => new StatsCommand(),
        "unstable" => new UnstableCommand(),
        "key" => KeyCommands.Create(),
        "catalog" => CatalogCommands.Create(),
        _ => new SqlCommand(),
    };
}
