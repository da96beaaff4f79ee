using Varve.App.Settings.Table;

namespace Varve.App.Settings.Line;

/// <summary>The parsed command line. Immutable.</summary>
internal sealed class CommandLine
{
    private readonly VarveException? _error;

    internal CommandLine(CommandSpec? spec, SettingValues values, VarveException? error)
    {
        Spec = spec;
        Values = values;
        _error = error;
    }

    /// <summary>Help is asked for. What else is wrong in the line does not matter then.</summary>
    internal bool IsHelp => Values.Has(GlobalSettings.Help);

    /// <summary>The version is asked for.</summary>
    internal bool IsVersion => Values.Has(GlobalSettings.Version);

    /// <summary>What was typed.</summary>
    internal SettingValues Values { get; }

    /// <summary>The command that was named, or the group of commands if none of them was; null if there is none.</summary>
    internal CommandSpec? Spec { get; }

    /// <summary>Parses; an error is kept until <see cref="ThrowIfWrong"/>.</summary>
    internal static CommandLine Parse(string[] args) => new LineParser(args).Parse();

    /// <summary>Throws <see cref="ErrorKind.Usage"/> if the arguments do not make a command.</summary>
    internal void ThrowIfWrong()
    {
        if (_error is not null) { throw _error; }
    }
}
