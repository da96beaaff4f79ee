using System.Globalization;
using Varve.Compare.Measure;

namespace Varve.Compare.Report;

/// <summary>Numbers as people read them.</summary>
internal static class Figures
{
    /// <summary>A value of a row in its unit.</summary>
    public static string Value(Row row, double value) => row.IsBytes ? Bytes(value) : Seconds(value);

    /// <summary>Milliseconds below one second, and so on down.</summary>
    public static string Seconds(double seconds) => seconds switch
    {
        < 1e-6 => Text($"{seconds * 1e9:0} ns"),
        < 1e-3 => Text($"{seconds * 1e6:0.00} µs"),
        < 0.1 => Text($"{seconds * 1000:0.0} ms"),
        < 1 => Text($"{seconds * 1000:0} ms"),
        < 100 => Text($"{seconds:0.00} s"),
        _ => Text($"{seconds:0} s"),
    };

    /// <summary>Decimal units, as disks are sold.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        < 1e6 => Text($"{bytes / 1e3:0.0} kB"),
        < 1e9 => Text($"{bytes / 1e6:0.0} MB"),
        _ => Text($"{bytes / 1e9:0.00} GB"),
    };

    /// <summary>A quotient.</summary>
    public static string Ratio(double ratio) => Text($"{ratio:0.00}");

    /// <summary>A number with separators.</summary>
    public static string Count(long count) => Text($"{count:N0}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
