using System.Globalization;

namespace Varve.Format;

/// <summary>
/// Times in the JSON of a repository (docs/format.md, 3, 4 and 10). Those of entries are <see cref="FileTime"/>. Stateless.
/// </summary>
internal static class Rfc3339
{
    /// <summary>RFC 3339 in UTC, to the second.</summary>
    internal static string Of(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>
    /// Whether a text is a time as a reader takes it: <c>2026-11-22T10:00:00</c>, perhaps a fraction, then <c>Z</c> or an offset such as
    /// <c>+01:00</c>. Anything else that .NET would read as a time is none.
    /// </summary>
    internal static bool IsTime(ReadOnlySpan<char> text)
    {
        const string seconds = "yyyy-MM-dd'T'HH:mm:ss";
        const int length = 19;
        if (text.Length <= length || !DateTime.TryParseExact(text[..length], seconds, CultureInfo.InvariantCulture, default, out _))
        {
            return false;
        }

        ReadOnlySpan<char> zone = text[length..];
        if (zone[0] == '.')
        {
            int digits = zone[1..].IndexOfAnyExceptInRange('0', '9');
            if (digits < 1) { return false; }
            zone = zone[(1 + digits)..];
        }

        if (zone is "Z") { return true; }
        return !zone.IsEmpty && zone[0] is '+' or '-'
            && TimeOnly.TryParseExact(zone[1..], "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
    }
}
