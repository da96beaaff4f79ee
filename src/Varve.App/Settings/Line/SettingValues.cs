using Varve.App.Settings.Table;
using Varve.App.Settings.Values;

namespace Varve.App.Settings.Line;

/// <summary>
/// What was typed, by the rows of the table. A value is parsed when it is asked for; what makes no sense is a usage error that names its
/// option.
/// </summary>
internal sealed class SettingValues(string[] line, IReadOnlyDictionary<Setting, List<string>> options,
    IReadOnlyDictionary<Positional, string[]> arguments)
{
    /// <summary>All of the command line, as typed.</summary>
    internal IReadOnlyList<string> Line => line;

    /// <summary>Whether the flag is there.</summary>
    internal bool Has(FlagSetting flag) => options.ContainsKey(flag);

    /// <summary>Whether the option is there, with a value or without.</summary>
    internal bool IsGiven(Setting setting) => options.ContainsKey(setting);

    /// <summary>The value, or null.</summary>
    internal T? Find<T>(ValueSetting<T> setting) where T : class => Typed(setting) is { } text ? setting.Parse(text, setting.Name) : null;

    /// <summary>The value, or null.</summary>
    internal T? FindValue<T>(ValueSetting<T> setting) where T : struct =>
        Typed(setting) is { } text ? setting.Parse(text, setting.Name) : null;

    /// <summary>The value, or <paramref name="otherwise"/>.</summary>
    internal T Get<T>(ValueSetting<T> setting, T otherwise) => Typed(setting) is { } text ? setting.Parse(text, setting.Name) : otherwise;

    /// <summary>All values of an option that may be repeated.</summary>
    internal T[] All<T>(ValueSetting<T> setting) =>
        options.TryGetValue(setting, out List<string>? texts) ? [.. texts.Select(text => setting.Parse(text, setting.Name))] : [];

    /// <summary>The argument as typed, or null.</summary>
    internal string? Argument(Positional argument) => Arguments(argument) is [var first, ..] ? first : null;

    /// <summary>The argument, which must be there, as text.</summary>
    internal string ArgumentText(Positional argument, string what) => RawArguments.Text(Argument(argument)!, what);

    /// <summary>All arguments in that place, as typed.</summary>
    internal string[] Arguments(Positional argument) => arguments.GetValueOrDefault(argument) ?? [];

    /// <summary>The value of an option as typed, not looked at; null if there is none.</summary>
    internal string? Text(Setting setting) => Typed(setting);

    private string? Typed(Setting setting) => options.TryGetValue(setting, out List<string>? texts) && texts.Count > 0 ? texts[0] : null;
}
