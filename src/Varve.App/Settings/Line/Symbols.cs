using System.CommandLine;
using Varve.App.Settings.Table;

namespace Varve.App.Settings.Line;

/// <summary>The parser's symbols for rows of the table. A setting that several commands share has one symbol.</summary>
internal sealed class Symbols
{
    private readonly Dictionary<Setting, Option> _options = [];
    private readonly Dictionary<Positional, Argument> _arguments = [];

    /// <summary>The command with all that it takes; not what every command takes.</summary>
    internal SpecCommand Command(CommandSpec spec)
    {
        var command = new SpecCommand(spec);
        foreach (Positional argument in spec.Arguments) { command.Arguments.Add(Argument(argument)); }
        foreach (Setting setting in spec.Settings) { command.Options.Add(Option(setting)); }
        foreach (CommandSpec below in spec.Commands) { command.Subcommands.Add(Command(below)); }
        return command;
    }

    /// <summary>The symbol of a setting, made when it is first asked for.</summary>
    internal Option Option(Setting setting, bool recursive = false)
    {
        if (!_options.TryGetValue(setting, out Option? option))
        {
            option = Create(setting);
            option.Description = setting.Description;
            option.HelpName = setting.ValueName;
            option.Required = setting.IsRequired;
            option.Recursive = recursive;
            _options.Add(setting, option);
        }

        return option;
    }

    /// <summary>The symbol of an argument, made when it is first asked for.</summary>
    internal Argument Argument(Positional positional)
    {
        if (!_arguments.TryGetValue(positional, out Argument? argument))
        {
            argument = positional.Presence == Presence.Any
                ? new Argument<string[]>(positional.Name) { Arity = ArgumentArity.ZeroOrMore }
                : new Argument<string>(positional.Name)
                {
                    Arity = positional.Presence == Presence.Required ? ArgumentArity.ExactlyOne
                : ArgumentArity.ZeroOrOne
                };
            argument.Description = positional.Description;
            _arguments.Add(positional, argument);
        }

        return argument;
    }

    private static Option Create(Setting setting)
    {
        string[] aliases = setting.Alias is null ? [] : [setting.Alias];
        if (setting.IsFlag) { return new Option<bool>(setting.Name, aliases); }
        if (setting.IsRepeated) { return new Option<string[]>(setting.Name, aliases) { Arity = ArgumentArity.ZeroOrMore }; }
        var option = new Option<string>(setting.Name, aliases);
        if (setting.IsValueOptional) { option.Arity = ArgumentArity.ZeroOrOne; }
        return option;
    }
}
