using System.Globalization;

namespace Varve.App.Settings.Values;

/// <summary>Which packs a check reads: a share at random, or one of several slices that are all of them together.</summary>
/// <param name="Percent">Of the share; 100 with a slice.</param>
/// <param name="Slice">Which slice, from 1 on.</param>
/// <param name="Slices">How many there are; 1 for none.</param>
internal readonly record struct DataShare(double Percent, int Slice, int Slices)
{
    /// <summary>All of it.</summary>
    internal static readonly DataShare All = new(100, 1, 1);

    private const int Most = 100_000;

    /// <summary><c>10</c>, <c>2.5%</c> or <c>3/30</c>.</summary>
    internal static DataShare Parse(string text, string origin)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) { return new DataShare(Numbers.Percent(text, origin), 1, 1); }
        bool isSlice = int.TryParse(text.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out int slice)
            & int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int slices);
        return isSlice && slice >= 1 && slice <= slices && slices <= Most ? new DataShare(100, slice, slices)
            : throw new VarveException(ErrorKind.Usage, Subject.Request(origin),
            $"wants a percentage, or one of at most {Most} slices such as 3/30, not '{text}'");
    }
}
