using Varve.App.Output.Json;

namespace Varve.App.Output.Reports;

/// <summary>
/// The one place that renders results: as text, or as JSON, one object a line. Nothing is kept: a list of millions streams through.
/// </summary>
internal sealed class ReportWriter(TextOutput output, StatusLine status, Func<TimeZoneInfo> zone, bool json)
{
    private readonly Page _page = new(output, status, zone);
    private readonly JsonOutput? _json = json ? new JsonOutput(output) : null;

    /// <summary>Writes a result, or an item of a list.</summary>
    internal void Write<T>(T report) where T : IReport<T>
    {
        if (_json is not null) { _json.Write(report, T.Shape); }
        else { report.Print(_page); }
    }

    /// <summary>The line above the items of a list: for people only.</summary>
    internal void Header(string line)
    {
        if (_json is null) { _page.Line(line); }
    }

    /// <summary>What is said of a list without items: to people only.</summary>
    internal void Empty(string message)
    {
        if (_json is null) { status.Message("varve: " + message); }
    }

    /// <summary>Hands over what was written so far.</summary>
    internal void Flush() => output.Flush();
}
