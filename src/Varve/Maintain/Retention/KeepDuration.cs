using System.Globalization;

namespace Varve.Maintain.Retention;

/// <summary>
/// How far back a rule reaches: years, months, weeks and days of the calendar, and hours that pass, as in <c>1y6m</c> or <c>14d</c>.
/// Immutable.
/// </summary>
internal readonly record struct KeepDuration(int Years, int Months, int Weeks, int Days, int Hours)
{
    private const string Units = "ymwdh";

    /// <summary>
    /// Numbers, each with its unit behind it: y, m (months), w, d or h, each once at most and the longer ones first. Null for another text,
    /// and for one that comes to nothing.
    /// </summary>
    internal static KeepDuration? TryParse(string text)
    {
        var numbers = new int[Units.Length];
        int next = 0, start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i])) { continue; }
            int unit = Units.IndexOf(text[i], StringComparison.Ordinal);
            ReadOnlySpan<char> digits = text.AsSpan(start, i - start);
            if (unit < next || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out numbers[unit])) { return null; }
            (next, start) = (unit + 1, i + 1);
        }

        return start < text.Length || !Array.Exists(numbers, static n => n > 0) ? null
            : new KeepDuration(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
    }

    /// <summary>
    /// The moment so long before another, by the calendar of a zone: of a time that its clocks show twice the earlier one. Before all times
    /// it is the first there is.
    /// </summary>
    internal FileTime Before(FileTime time, TimeZoneInfo zone)
    {
        try
        {
            DateTime local = TimeZoneInfo.ConvertTime(time.ToDateTimeOffset(), zone).DateTime;
            if (Years == 0 && Months == 0 && Weeks == 0 && Days == 0) { return FileTime.From(time.ToDateTimeOffset().AddHours(-Hours)); }
            local = local.AddYears(-Years).AddMonths(-Months).AddDays((-7L * Weeks) - Days);
            local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
            TimeSpan offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
            return FileTime.From(new DateTimeOffset(local.Ticks - offset.Ticks, TimeSpan.Zero).AddHours(-Hours));
        }
        catch (ArgumentOutOfRangeException) { return new FileTime(long.MinValue, 0); }
    }

    /// <summary>As it is typed.</summary>
    public override string ToString()
    {
        int[] numbers = [Years, Months, Weeks, Days, Hours];
        return string.Concat(numbers.Select(static (n, i) => n == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{n}{Units[i]}")));
    }
}
