using System.Globalization;

namespace Varve.App.Settings.Daemon;

/// <summary>The part of each day in which something may begin, by the local clock; it may go past midnight. The end is not in it.</summary>
/// <param name="From">Minutes after midnight.</param>
/// <param name="To">The same; never <paramref name="From"/>.</param>
internal readonly record struct TimeWindow(int From, int To)
{
    /// <summary>What a text must look like, for the schema of the configuration.</summary>
    internal const string Pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$";

    /// <summary>22:00-06:00.</summary>
    internal static TimeWindow Parse(string text, string origin)
    {
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && Minute(text.AsSpan(0, dash)) is { } from && Minute(text.AsSpan(dash + 1)) is { } to && from != to
            ? new TimeWindow(from, to)
            : throw new VarveException(ErrorKind.Usage, Subject.Request(origin), $"is not of the form 22:00-06:00: '{text}'");
    }

    /// <summary>Whether a local time lies in it.</summary>
    internal bool Has(TimeSpan timeOfDay)
    {
        double minute = timeOfDay.TotalMinutes;
        return From < To ? minute >= From && minute < To : minute >= From || minute < To;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{From / 60:00}:{From % 60:00}-{To / 60:00}:{To % 60:00}");

    private static int? Minute(ReadOnlySpan<char> text) =>
        text.Length == 5 && text[2] == ':' && int.TryParse(text[..2], NumberStyles.None, CultureInfo.InvariantCulture, out int hour)
            && int.TryParse(text[3..], NumberStyles.None, CultureInfo.InvariantCulture, out int minute) && hour < 24 && minute < 60
            ? (hour * 60) + minute : null;
}
