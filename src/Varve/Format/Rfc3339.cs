using System.Globalization;

namespace Varve.Format;

/// <summary>
/// Times in the JSON of a repository (docs/format.md, 3, 4 and 10). Those of entries are <see cref="FileTime"/>. Stateless.
/// </summary>
internal static class Rfc3339
{
    /// <summary>RFC 3339 in UTC, to the second.</summary>
    internal static string Of(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Whether a text is a time as a reader of headers takes it.</summary>
    internal static bool IsTime(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);
}
