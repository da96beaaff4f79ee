using System.Globalization;
using System.Text.RegularExpressions;

namespace Varve.App.Settings.Values;

/// <summary>
/// Moments as people type them. What is said stands for its last moment: a date for the last of that day, a minute for the last of that
/// minute. Without a zone it is a time of <paramref name="zone"/>; a time that it has twice, when summer ends, is the later one, and one
/// that it leaves out, when summer begins, is as much later. What goes back goes back from <paramref name="now"/>. Immutable.
/// </summary>
internal sealed partial record Moments(DateTimeOffset Now, TimeZoneInfo Zone)
{
    /// <summary>What can be typed, for people.</summary>
    internal const string Forms = "a date (2026-11-01), a time ('2026-11-01 14:00', a zone or Z behind it), 'yesterday', 'friday' or '3 weeks ago'";

    private static readonly string[] s_days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    /// <summary>The moment, or null if the text is none.</summary>
    internal FileTime? Find(string text)
    {
        string words = string.Join(' ', text.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return Calendar().Match(words) is { Success: true } calendar ? OfCalendar(calendar)
            : Back().Match(words) is { Success: true } back ? OfBack(back)
            : OfWord(words);
    }

    /// <summary>The moment.</summary>
    /// <exception cref="VarveException">Usage: the text is none.</exception>
    internal FileTime Parse(string text, string origin) => Find(text) ?? throw new VarveException(ErrorKind.Usage,
        Subject.Request(origin), $"'{text}' is no time; it can be {Forms}");

    private FileTime? OfWord(string word)
    {
        DateTime today = TimeZoneInfo.ConvertTime(Now, Zone).Date;
        if (word == "now") { return FileTime.From(Now); }
        if (word == "today") { return LastOf(today, TimeSpan.FromDays(1)); }
        if (word == "yesterday") { return LastOf(today.AddDays(-1), TimeSpan.FromDays(1)); }
        int day = Array.IndexOf(s_days, word.StartsWith("last ", StringComparison.Ordinal) ? word[5..] : word);
        if (day < 0) { return null; }
        int back = ((int)today.DayOfWeek - day + 7) % 7;
        return LastOf(today.AddDays(back == 0 ? -7 : -back), TimeSpan.FromDays(1));
    }

    private FileTime? OfBack(Match match)
    {
        long count = match.Groups["n"].Value switch
        {
            "a" or "an" or "one" => 1,
            var digits => long.Parse(digits, CultureInfo.InvariantCulture),
        };
        try
        {
            DateTimeOffset local = TimeZoneInfo.ConvertTime(Now, Zone);
            return match.Groups["unit"].Value switch
            {
                "s" or "sec" or "second" => FileTime.From(Now.AddSeconds(-count)),
                "min" or "minute" => FileTime.From(Now.AddMinutes(-count)),
                "h" or "hour" => FileTime.From(Now.AddHours(-count)),
                "d" or "day" => At(local.DateTime.AddDays(-count)),
                "w" or "week" => At(local.DateTime.AddDays(-7 * count)),
                "m" or "month" => At(local.DateTime.AddMonths(checked((int)-count))),
                _ => At(local.DateTime.AddYears(checked((int)-count))),
            };
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            return FileTime.From(DateTimeOffset.MinValue); // before anything there is
        }
    }

    private FileTime? OfCalendar(Match match)
    {
        int Part(string name) => match.Groups[name] is { Success: true } group ? int.Parse(group.Value, CultureInfo.InvariantCulture) : 0;
        DateTime local;
        try
        {
            local = new DateTime(Part("year"), Part("month"), Part("day"), Part("hour"), Part("minute"), Part("second"),
                DateTimeKind.Unspecified);
        }
        catch (ArgumentOutOfRangeException) { return null; }
        TimeSpan unit = match.Groups["second"].Success ? TimeSpan.FromSeconds(1)
            : match.Groups["hour"].Success ? TimeSpan.FromMinutes(1) : TimeSpan.FromDays(1);
        if (match.Groups["fraction"] is { Success: true } fraction)
        {
            string digits = fraction.Value.PadRight(7, '0')[..7];
            local = local.AddTicks(long.Parse(digits, CultureInfo.InvariantCulture));
            unit = TimeSpan.FromTicks((long)Math.Pow(10, Math.Max(0, 7 - fraction.Length)));
        }

        if (!match.Groups["zone"].Success) { return LastOf(local, unit); }
        TimeSpan? offset = Offset(match.Groups["zone"].Value);
        if (offset is null) { return null; }
        long ticks = local.Ticks + unit.Ticks - offset.Value.Ticks;
        return ticks < 0 || ticks > DateTime.MaxValue.Ticks ? null : FileTime.From(new DateTimeOffset(ticks, TimeSpan.Zero)).Minus(1);
    }

    private static TimeSpan? Offset(string zone)
    {
        if (zone is "z" or "utc" or "gmt") { return TimeSpan.Zero; }
        int hours = int.Parse(zone.AsSpan(1, 2), CultureInfo.InvariantCulture), minutes = int.Parse(zone.AsSpan(zone.Length - 2, 2),
            CultureInfo.InvariantCulture);
        if (zone.Length == 3) { minutes = 0; }
        if (hours > 14 || minutes > 59) { return null; }
        var offset = new TimeSpan(hours, minutes, 0);
        return zone[0] == '-' ? -offset : offset;
    }

    private FileTime LastOf(DateTime begin, TimeSpan unit) =>
        At(begin.Ticks > DateTime.MaxValue.Ticks - unit.Ticks ? DateTime.MaxValue : begin + unit).Minus(1);

    private FileTime At(DateTime local)
    {
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        TimeSpan offset = Zone.IsAmbiguousTime(local) ? Zone.GetAmbiguousTimeOffsets(local).Min()
            : Zone.IsInvalidTime(local) ? Zone.GetUtcOffset(local.AddDays(-1)) : Zone.GetUtcOffset(local);
        long ticks = Math.Clamp(local.Ticks - offset.Ticks, 0, DateTime.MaxValue.Ticks);
        return FileTime.From(new DateTimeOffset(ticks, TimeSpan.Zero));
    }

    [GeneratedRegex("^(?<year>[0-9]{4})-(?<month>[0-9]{1,2})-(?<day>[0-9]{1,2})"
        + "(?:[ t](?<hour>[0-9]{1,2}):(?<minute>[0-9]{2})(?::(?<second>[0-9]{2})(?:\\.(?<fraction>[0-9]{1,9}))?)?"
        + " ?(?<zone>z|utc|gmt|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Calendar();

    [GeneratedRegex("^(?<n>[0-9]{1,9}|an?|one) ?(?<unit>s|sec|second|min|minute|h|hour|d|day|w|week|m|month|y|year)s?(?: ago)?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Back();
}
