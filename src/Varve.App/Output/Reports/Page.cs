namespace Varve.App.Output.Reports;

/// <summary>Where reports for people go.</summary>
internal sealed class Page(TextOutput output, StatusLine status, Func<TimeZoneInfo> zone)
{
    private TimeZoneInfo? _zone;

    /// <summary>Results.</summary>
    internal TextOutput Out => output;

    /// <summary>Remarks beside them.</summary>
    internal StatusLine Status => status;

    /// <summary>The zone that people live in.</summary>
    internal TimeZoneInfo Zone => _zone ??= zone();

    /// <summary>A line of results.</summary>
    internal void Line(string text) => output.WriteLine(text);
}
