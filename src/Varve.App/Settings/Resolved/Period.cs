using Varve.App.Settings.Line;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;

namespace Varve.App.Settings.Resolved;

/// <summary>A range of times, as <c>--since</c> and <c>--until</c> say it: later than the one, and not later than the other.</summary>
internal readonly record struct Period(FileTime? Since, FileTime? Until)
{
    /// <summary>Whether nothing is said.</summary>
    internal bool IsAll => Since is null && Until is null;

    /// <summary>Resolves what is said of snapshots.</summary>
    /// <exception cref="VarveException">Usage: one of them names no time.</exception>
    internal static Period Of(SettingValues values, Moments moments) =>
        new(Moment(values, HistorySettings.Since, moments), Moment(values, HistorySettings.Until, moments));

    /// <summary>The moment that an option names; null if it is not there.</summary>
    /// <exception cref="VarveException">Usage: it names no time.</exception>
    internal static FileTime? Moment(SettingValues values, ValueSetting<string> setting, Moments moments) =>
        values.Find(setting) is { } text ? moments.Parse(text, setting.Name) : null;

    /// <summary>Whether a time lies in it.</summary>
    internal bool Has(FileTime time) => (Since is not { } since || time > since) && (Until is not { } until || time <= until);
}
