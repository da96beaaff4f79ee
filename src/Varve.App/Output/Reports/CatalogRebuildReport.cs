using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;
using Varve.History;

namespace Varve.App.Output.Reports;

/// <summary>A catalog that was built anew.</summary>
internal sealed class CatalogRebuildReport : IReport<CatalogRebuildReport>
{
    private readonly string _path;
    private readonly CatalogRebuildResult _result;

    internal CatalogRebuildReport(string path, CatalogRebuildResult result)
    {
        _path = path;
        _result = result;
    }

    static JsonTypeInfo<CatalogRebuildReport> IReport<CatalogRebuildReport>.Shape => ReportShapes.Default.CatalogRebuildReport;

    public string Path => _path;
    public long Snapshots => _result.Snapshots;
    public long Directories => _result.Directories;
    public long Revisions => _result.Revisions;
    public long Bytes => _result.Bytes;
    public double Seconds => Math.Round(_result.Elapsed.TotalSeconds, 3);

    public void Print(Page page)
    {
        string what = $"{Human.Count(Snapshots, "snapshot")}, {Human.Count(Directories, "directory", "directories")}, "
            + $"{Human.Count(Revisions, "revision")}, {Human.Size(Bytes)} in {Human.Duration(_result.Elapsed)}";
        if (page.Detail == Detail.Full)
        {
            page.Line($"Rebuilt {NameText.Escape(Path)}");
            page.Line("  " + what);
        }
        else { page.Done($"Rebuilt {NameText.Escape(Path)}: {what}"); }
    }
}
