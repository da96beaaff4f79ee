using System.Globalization;

namespace Varve.App.Settings.Values;

/// <summary>How much may stay unused: in percent of what is used, or in bytes.</summary>
internal readonly record struct UnusedLimit(double Percent, long? Bytes)
{
    private const double MostPercent = 10_000;

    internal static UnusedLimit Parse(string text, string origin)
    {
        if (text.EndsWith('%'))
        {
            ReadOnlySpan<char> digits = text.AsSpan().TrimEnd('%');
            return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent)
                && percent <= MostPercent ? new UnusedLimit(percent, null) : throw Wrong(text, origin);
        }

        try { return new UnusedLimit(0, Numbers.SizeOrNone(text, origin)); }
        catch (VarveException) { throw Wrong(text, origin); }
    }

    private static VarveException Wrong(string text, string origin) =>
        new(ErrorKind.Usage, Subject.Request(origin), $"wants a percentage such as 10%, or a size such as 500M, not '{text}'");
}
