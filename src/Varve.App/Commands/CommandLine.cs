using System.CommandLine;
using Varve.App.Options;
using Varve.Model;

namespace Varve.App.Commands;

/// <summary>
/// The parsed command line. Only the verbs whose names occur among the arguments are built: defining all of them costs more than
/// parsing, and every start pays for it.
/// </summary>
internal sealed class CommandLine
{
    private static readonly string[] s_names =
        ["init", "backup", "snapshots", "ls", "find", "restore", "dump", "check", "stats", "key", "catalog", "sql"];

    private CommandLine(RootCommand root, GlobalSymbols globals, ParseResult result)
    {
        Root = root;
        Globals = globals;
        Result = result;
    }

    internal RootCommand Root { get; }

    internal GlobalSymbols Globals { get; }

    internal ParseResult Result { get; }

    /// <summary>Parses; errors are in the result, see <see cref="ThrowIfWrong"/>.</summary>
    internal static CommandLine Parse(string[] args)
    {
        CommandLine line = Parse(args, all: false);
        return line.Result.CommandResult.Command is RootCommand ? Parse(args, all: true) : line;
    }

    private static CommandLine Parse(string[] args, bool all)
    {
        var root = new RootCommand("Varve backs up file trees as deduplicated, compressed, encrypted snapshots.");
        root.Directives.Clear(); // "[suggest]" may be a path.
        for (int i = root.Options.Count - 1; i >= 0; i--)
        {
            if (root.Options[i] is VersionOption)
            {
                root.Options.RemoveAt(i);
            }
        }

        root.Options.Add(new Option<bool>("--version") { Description = "Print the version" });
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
        return new CommandLine(root, globals, root.Parse(args, configuration));
    }

    /// <summary>Throws <see cref="ErrorKind.Usage"/> if the arguments do not make a command.</summary>
    internal void ThrowIfWrong()
    {
        if (Result.Errors.Count == 0 && Result.CommandResult.Command is VarveCommand)
        {
            return;
        }

        string command = "varve";
        for (Symbol? symbol = Result.CommandResult.Command; symbol is not null and not RootCommand; symbol = Parent(symbol))
        {
            command = command == "varve" ? $"varve {symbol.Name}" : command.Insert("varve ".Length, symbol.Name + " ");
        }

        string message = Result.CommandResult.Command is RootCommand && Result.UnmatchedTokens is [var unknown, ..]
            ? $"there is no command '{unknown}'"
            : Result.Errors.Count > 0 ? Result.Errors[0].Message.TrimEnd('.') : "a command is missing";
        throw new VarveException(ErrorKind.Usage, message, $"See '{command} --help'.");
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
        "key" => KeyCommands.Create(),
        "catalog" => CatalogCommands.Create(),
        _ => new SqlCommand(),
    };
}
