using System.Globalization;
using System.Text;
using Varve.App.Settings.Values;

namespace Varve.App.Settings.Daemon;

/// <summary>How often something is done: weeks to seconds, as 15m, 1h30m or 7d. Here m is minutes.</summary>
internal static class Spans
{
    /// <summary>What a text must look like, for the schema of the configuration.</summary>
    internal const string Pattern = "^([0-9]{1,6}w)?([0-9]{1,6}d)?([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?$";

    private const string Units = "wdhms";
    private const int MostDigits = 6;

    private static readonly int[] s_seconds = [7 * 86400, 86400, 3600, 60, 1];

    /// <summary>A span of at least a second and at most 1,000 days.</summary>
    internal static TimeSpan Parse(string text, string origin)
    {
        bool isOne = Numbers.TrySum(text, Units, s_seconds, MostDigits, out long seconds);
        return isOne && seconds is >= 1 and <= 1000L * 86400 ? TimeSpan.FromSeconds(seconds)
            : throw new VarveException(ErrorKind.Usage, Subject.Request(origin),
            $"wants a duration such as 15m, 1h30m or 7d (weeks, days, hours, minutes, seconds: w, d, h, m, s), not '{text}'");
    }

    /// <summary>What a text for <see cref="ParseRate"/> must look like.</summary>
    internal const string RatePattern = "^1/([0-9]{1,6}w)?([0-9]{1,6}d)?([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?$";

    /// <summary>Once in a span, as 1/10m.</summary>
    internal static TimeSpan ParseRate(string text, string origin) =>
        text.StartsWith("1/", StringComparison.Ordinal) ? Parse(text[2..], origin)
        : throw new VarveException(ErrorKind.Usage, Subject.Request(origin), $"wants 1/DURATION, such as 1/10m, not '{text}'");

    /// <summary>The shortest text that means it.</summary>
    internal static string Text(TimeSpan span)
    {
        long rest = (long)span.TotalSeconds;
        var text = new StringBuilder();
        for (int i = 0; i < Units.Length; i++)
        {
            if (rest < s_seconds[i] || (i == 0 && rest % s_seconds[0] != 0)) { continue; }
            text.Append(CultureInfo.InvariantCulture, $"{rest / s_seconds[i]}{Units[i]}");
            rest %= s_seconds[i];
        }

        return text.Length == 0 ? "0s" : text.ToString();
    }
}
