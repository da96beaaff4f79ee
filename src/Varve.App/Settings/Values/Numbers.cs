using System.Globalization;
using Varve.Store.Lines;

namespace Varve.App.Settings.Values;

/// <summary>Numbers as typed.</summary>
internal static class Numbers
{
    private const int MostDigits = int.MaxValue; // leading zeros are fine

    /// <summary>A parser of whole numbers in a range.</summary>
    internal static Func<string, string, int> Whole(int minimum, int maximum) => (text, origin) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= minimum && value <= maximum
            ? value
            : throw new VarveException(ErrorKind.Usage, Subject.Request(origin),
            $"wants a whole number from {minimum} to {maximum}, not '{text}'");

    /// <summary>
    /// Bytes, at least one: a number, with decimals if need be, and K, M, G or T for powers of 1024; "KiB" and "KB" are the same as "K".
    /// </summary>
    internal static long Size(string text, string origin) => Bytes(text, origin, minimum: 1);

    /// <summary>The same for a second; less than 16 KiB cannot be told from a line that is dead.</summary>
    internal static long Rate(string text, string origin) => Bytes(text, origin, minimum: 1) is >= RateLimit.Least and var rate ? rate
        : throw new VarveException(ErrorKind.Usage, Subject.Request(origin), $"wants at least 16K (KiB a second), not '{text}'");

    /// <summary>The same, or 0.</summary>
    internal static long SizeOrNone(string text, string origin) => Bytes(text, origin, minimum: 0);

    private static long Bytes(string text, string origin, long minimum)
    {
        string upper = text.ToUpperInvariant();
        string digits = upper.EndsWith("IB", StringComparison.Ordinal) ? upper[..^2] : upper.TrimEnd('B');
        int power = digits.Length == 0 ? 0 : "KMGT".IndexOf(digits[^1], StringComparison.Ordinal) + 1;
        bool isNumber = decimal.TryParse(power > 0 ? digits[..^1] : digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out decimal value);
        decimal bytes = isNumber && value <= 1_000_000_000_000_000 ? decimal.Floor(value * (1L << (10 * power))) : -1;
        return bytes >= minimum && bytes <= long.MaxValue ? (long)bytes
            : throw new VarveException(ErrorKind.Usage, Subject.Request(origin), $"wants a size such as 500M or 25G, not '{text}'");
    }

    /// <summary>How long: numbers of weeks, days and hours, as 1w3d or 36h; or 0.</summary>
    internal static TimeSpan Duration(string text, string origin)
    {
        bool isOne = TrySum(text, "wdh", [7 * 24, 24, 1], MostDigits, out long hours) || text == "0";
        return isOne && hours <= 10_000_000 ? TimeSpan.FromHours(hours) : throw new VarveException(ErrorKind.Usage, Subject.Request(origin),
            $"wants a duration such as 36h or 14d (weeks, days and hours: w, d, h), not '{text}'");
    }

    /// <summary>
    /// The sum of numbers with a unit behind each, as 1w3d: units in their order, none twice, one at least; numbers of so many digits at
    /// most.
    /// </summary>
    internal static bool TrySum(string text, string units, ReadOnlySpan<int> worth, int mostDigits, out long sum)
    {
        sum = 0;
        int start = 0, next = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i])) { continue; }
            int unit = units.IndexOf(text[i], next);
            ReadOnlySpan<char> digits = text.AsSpan(start, i - start);
            bool isNumber = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
            if (unit < 0 || digits.Length > mostDigits || !isNumber) { break; }
            sum += number * (long)worth[unit];
            (start, next) = (i + 1, unit + 1);
        }

        return start > 0 && start == text.Length;
    }

    /// <summary>A percentage above 0, at most 100; a % at the end is fine.</summary>
    internal static double Percent(string text, string origin)
    {
        ReadOnlySpan<char> digits = text.AsSpan().TrimEnd('%');
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value is > 0
            and <= 100
            ? value
            : throw new VarveException(ErrorKind.Usage, Subject.Request(origin), $"wants a percentage above 0, at most 100, not '{text}'");
    }
}
