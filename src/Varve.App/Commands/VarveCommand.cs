using System.CommandLine;

namespace Varve.App.Commands;

/// <summary>One verb: defines its symbols, and runs. It reports through its outcome and exceptions; only Program knows exit codes.</summary>
internal abstract class VarveCommand(string name, string description, params string[] examples) : ExampleCommand(name, description, examples)
{
    /// <summary>Does the work.</summary>
    internal abstract Outcome Run(ParseResult parse, CommandContext context);

    /// <summary>Adds a flag.</summary>
    protected Option<bool> Flag(string name, string description, params string[] aliases) =>
        Added(new Option<bool>(name, aliases) { Description = description });

    /// <summary>Adds an option that takes a value.</summary>
    protected Option<string> Value(string name, string helpName, string description, params string[] aliases) =>
        Added(new Option<string>(name, aliases) { Description = description, HelpName = helpName });

    /// <summary>Adds an option that may be given several times.</summary>
    protected Option<string[]> Values(string name, string helpName, string description) =>
        Added(new Option<string[]>(name) { Description = description, HelpName = helpName, Arity = ArgumentArity.ZeroOrMore });

    /// <summary>Adds an argument that may be missing.</summary>
    protected Argument<string> Optional(string name, string description) =>
        Added(new Argument<string>(name) { Description = description, Arity = ArgumentArity.ZeroOrOne });

    /// <summary>Adds an argument that must be there.</summary>
    protected Argument<string> Required(string name, string description) =>
        Added(new Argument<string>(name) { Description = description, Arity = ArgumentArity.ExactlyOne });

    private T Added<T>(T symbol) where T : Symbol
    {
        if (symbol is Option option)
        {
            Options.Add(option);
        }
        else if (symbol is Argument argument)
        {
            Arguments.Add(argument);
        }

        return symbol;
    }
}
