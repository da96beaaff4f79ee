using System.Globalization;
using Varve.Model;

namespace Varve.App.Options;

/// <summary>Numbers as typed.</summary>
internal static class Numbers
{
    /// <summary>A whole number in a range, or <paramref name="otherwise"/> when the option is not given.</summary>
    internal static int Whole(string? text, string option, int minimum, int maximum, int otherwise)
    {
        if (text is null)
        {
            return otherwise;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= minimum && value <= maximum
            ? value
            : throw new VarveException(ErrorKind.Usage, $"{option} wants a whole number from {minimum} to {maximum}, not '{text}'");
    }

    /// <summary>A number of bytes, with K, M, G or T for powers of 1024, or <paramref name="otherwise"/> when the option is not given.</summary>
    internal static long Size(string? text, string option, long otherwise)
    {
        if (text is null)
        {
            return otherwise;
        }

        int shift = text.Length == 0 ? 0 : char.ToUpperInvariant(text[^1]) switch { 'K' => 10, 'M' => 20, 'G' => 30, 'T' => 40, _ => 0 };
        ReadOnlySpan<char> digits = shift == 0 ? text : text.AsSpan(0, text.Length - 1);
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value <= long.MaxValue >> shift
            ? value << shift
            : throw new VarveException(ErrorKind.Usage, $"{option} wants a size such as 500M or 4G, not '{text}'");
    }

    /// <summary>A percentage above 0, at most 100; a % at the end is fine.</summary>
    internal static double Percent(string text, string option)
    {
        ReadOnlySpan<char> digits = text.AsSpan().TrimEnd('%');
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value is > 0 and <= 100
            ? value
            : throw new VarveException(ErrorKind.Usage, $"{option} wants a percentage above 0, at most 100, not '{text}'");
    }
}
