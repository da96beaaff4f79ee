using System.Text.Json.Serialization.Metadata;
using Varve.History;

namespace Varve.App.Output.Reports;

/// <summary>How the catalog stands.</summary>
internal sealed class CatalogStatusReport(CatalogStatus status) : IReport<CatalogStatusReport>
{
    static JsonTypeInfo<CatalogStatusReport> IReport<CatalogStatusReport>.Shape => ReportShapes.Default.CatalogStatusReport;

    public string Path => status.Path;
    public string State => status.State;
    public string? Problem => status.Problem;
    public long Bytes => status.Bytes;
    public long SnapshotsKnown => status.SnapshotsKnown;
    public long SnapshotsStored => status.SnapshotsStored;
    public long Revisions => status.Revisions;
    public long Directories => status.Directories;

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
