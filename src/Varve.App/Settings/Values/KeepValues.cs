using System.Globalization;
using Varve.Maintain.Retention;

namespace Varve.App.Settings.Values;

/// <summary>What rules of retention are typed as.</summary>
internal static class KeepValues
{
    /// <summary>The word for all there are.</summary>
    internal const string Unlimited = "unlimited";

    /// <summary>The words for what snapshots of a group have in common.</summary>
    internal static readonly IReadOnlyList<string> GroupWords = ["lineage", "source", "host", "tags"];

    /// <summary>How many: a number, 0 for no such rule, or all.</summary>
    internal static int Count(string text, string origin) => text is Unlimited or "-1" ? CountRule.Unlimited
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count
        : throw new VarveException(ErrorKind.Usage, Subject.Request(origin), $"wants a whole number, or '{Unlimited}', not '{text}'");

    /// <summary>How far back.</summary>
    internal static KeepDuration Duration(string text, string origin) => KeepDuration.TryParse(text) ?? throw new VarveException(
        ErrorKind.Usage, Subject.Request(origin), "wants a duration such as 14d or 1y6m (years, months, weeks, days and hours: y, m, w, d, h), "
        + $"not '{text}'");

    /// <summary>What the snapshots of a group have in common: words with commas between them.</summary>
    internal static Grouping Group(string text, string origin)
    {
        Grouping grouping = Grouping.Lineage;
        foreach (string word in text.Split(','))
        {
            grouping |= word.Trim() switch
            {
                "lineage" => Grouping.Lineage,
                "source" => Grouping.Source,
                "host" => Grouping.Host,
                "tags" => Grouping.Tags,
                _ => throw new VarveException(ErrorKind.Usage, Subject.Request(origin),
                    $"wants some of {string.Join(", ", GroupWords)}, with commas between them, not '{word}'"),
            };
        }

        return grouping;
    }

    /// <summary>A time zone by its name.</summary>
    internal static TimeZoneInfo Zone(string text, string origin) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(text, out TimeZoneInfo? zone) ? zone
        : throw new VarveException(ErrorKind.Usage, Subject.Request(origin), $"'{text}' is no time zone that this system knows; "
            + "one is called as Europe/Berlin, or UTC");
}
