using System.Text.Json.Serialization.Metadata;
using Varve.History;

namespace Varve.App.Output.Reports;

/// <summary>A catalog that was built anew.</summary>
internal sealed class CatalogRebuildReport(string path, CatalogRebuildResult result) : IReport<CatalogRebuildReport>
{
    static JsonTypeInfo<CatalogRebuildReport> IReport<CatalogRebuildReport>.Shape => ReportShapes.Default.CatalogRebuildReport;

    public string Path => path;
    public long Snapshots => result.Snapshots;
    public long Directories => result.Directories;
    public long Revisions => result.Revisions;
    public long Bytes => result.Bytes;
    public double Seconds => Math.Round(result.Elapsed.TotalSeconds, 3);

    public void Print(Page page)
    {
        page.Line($"Rebuilt {NameText.Escape(Path)}");
        page.Line($"  {Human.Count(Snapshots, "snapshot")}, {Human.Count(Directories, "directory", "directories")}, "
            + $"{Human.Count(Revisions, "revision")}, {Human.Size(Bytes)} in {Human.Duration(result.Elapsed)}");
    }
}
