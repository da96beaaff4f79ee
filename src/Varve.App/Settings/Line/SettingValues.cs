using System.CommandLine;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;

namespace Varve.App.Settings.Line;

/// <summary>
/// What was typed, by the rows of the table. A value is parsed when it is asked for; what makes no sense is a usage error that names its
/// option.
/// </summary>
internal sealed class SettingValues(ParseResult result, Symbols symbols)
{
    /// <summary>Whether the flag is there.</summary>
    internal bool Has(FlagSetting flag) => result.GetValue((Option<bool>)symbols.Option(flag));

    /// <summary>Whether the option is there, with a value or without.</summary>
    internal bool IsGiven(Setting setting) => result.GetResult(symbols.Option(setting)) is not null;

    /// <summary>The value, or null.</summary>
    internal T? Find<T>(ValueSetting<T> setting) where T : class => Typed(setting) is { } text ? setting.Parse(text, setting.Name) : null;

    /// <summary>The value, or null.</summary>
    internal T? FindValue<T>(ValueSetting<T> setting) where T : struct =>
        Typed(setting) is { } text ? setting.Parse(text, setting.Name) : null;

    /// <summary>The value, or <paramref name="otherwise"/>.</summary>
    internal T Get<T>(ValueSetting<T> setting, T otherwise) => Typed(setting) is { } text ? setting.Parse(text, setting.Name) : otherwise;

    /// <summary>All values of an option that may be repeated.</summary>
    internal T[] All<T>(ValueSetting<T> setting) =>
        Array.ConvertAll(result.GetValue((Option<string[]>)symbols.Option(setting)) ?? [], text => setting.Parse(text, setting.Name));

    /// <summary>The argument as typed, or null.</summary>
    internal string? Argument(Positional argument) => result.GetValue((Argument<string>)symbols.Argument(argument));

    /// <summary>The argument, which must be there, as text.</summary>
    internal string ArgumentText(Positional argument, string what) => RawArguments.Text(Argument(argument)!, what);

    /// <summary>All arguments in that place, as typed.</summary>
    internal string[] Arguments(Positional argument) => result.GetValue((Argument<string[]>)symbols.Argument(argument)) ?? [];

    private string? Typed(Setting setting) => result.GetValue((Option<string>)symbols.Option(setting));
}
