namespace Varve.App.Settings.Table;

/// <summary>An option with a value, as text that <see cref="Parse"/> turns into what it means.</summary>
internal sealed class ValueSetting<T> : Setting
{
    /// <summary>
    /// Gives the value of a text, or throws a usage error. Its second argument names the setting in the error: the option, variable or key
    /// it came from.
    /// </summary>
    internal required Func<string, string, T> Parse { get; init; }
}
