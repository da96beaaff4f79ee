using System.Text.Json.Serialization.Metadata;
using Varve.History;

namespace Varve.App.Output.Reports;

/// <summary>How the catalog stands.</summary>
internal sealed class CatalogStatusReport : IReport<CatalogStatusReport>
{
    private readonly CatalogStatus _status;

    internal CatalogStatusReport(CatalogStatus status) => _status = status;

    static JsonTypeInfo<CatalogStatusReport> IReport<CatalogStatusReport>.Shape => ReportShapes.Default.CatalogStatusReport;

    public string Path => _status.Path;
    public string State => _status.State;
    public string? Problem => _status.Problem;
    public long Bytes => _status.Bytes;
    public long SnapshotsKnown => _status.SnapshotsKnown;
    public long SnapshotsStored => _status.SnapshotsStored;
    public long Revisions => _status.Revisions;
    public long Directories => _status.Directories;

    public void Print(Page page)
    {
        page.Line($"catalog      {NameText.Escape(Path)}");
        page.Line($"state        {State}{(Problem is { } problem ? ": " + NameText.Printable(problem) : "")}");
        if (State is "current" or "stale")
        {
            page.Line($"size         {Human.Size(Bytes)}");
            page.Line($"snapshots    {Human.Count(SnapshotsKnown)} of the repository's {Human.Count(SnapshotsStored)}");
            page.Line($"directories  {Human.Count(Directories)}");
            page.Line($"revisions    {Human.Count(Revisions)}");
        }
    }
}
