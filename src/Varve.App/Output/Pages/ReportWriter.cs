using Varve.App.Output.Json;

namespace Varve.App.Output.Pages;

/// <summary>
/// The one place that renders results: as text, or as JSON, one object a line. Nothing is kept but the first rows of a table: a list of
/// millions streams through. Thread-safe.
/// </summary>
internal sealed class ReportWriter(TextOutput output, Page page, bool json)
{
    private readonly JsonOutput? _json = json ? new JsonOutput(output) : null;
    private readonly Lock _lock = new();

    /// <summary>Writes a result, or an item of a list.</summary>
    internal void Write<T>(T report) where T : IReport<T>
    {
        lock (_lock)
        {
            if (_json is not null) { _json.Write(report, T.Shape); }
            else { report.Print(page); }
        }
    }

    /// <summary>The line above the items of a list: for people only.</summary>
    internal void Header(string line)
    {
        if (_json is null) { page.Line(line); }
    }

    /// <summary>What is said of a list without items: to people only.</summary>
    internal void Empty(string message)
    {
        if (_json is null) { page.Remark(message); }
    }

    /// <summary>Hands over what was written so far.</summary>
    internal void Flush()
    {
        lock (_lock)
        {
            page.Finish();
            output.Flush();
        }
    }

    /// <summary>No more results: what of a table is held back goes out.</summary>
    internal void Finish()
    {
        lock (_lock) { page.Finish(); }
    }
}
