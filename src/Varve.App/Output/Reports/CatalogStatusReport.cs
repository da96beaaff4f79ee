using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;
using Varve.History.Entries;
using Varve.History;

namespace Varve.App.Output.Reports;

/// <summary>How the catalog stands.</summary>
internal sealed class CatalogStatusReport : IReport<CatalogStatusReport>
{
    private static readonly TableShape s_table = new(new TableColumn("WHAT"), new TableColumn("HOW MUCH")) { HasHeadings = false };

    private static readonly TableShape s_runs = new(
        new TableColumn("SOURCE"), new TableColumn("HOST"), new TableColumn("LAST BACKUP", IsTime: true), new TableColumn("RESULT"));

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
    public IEnumerable<RunReport> Runs => _status.Runs.Select(static r => new RunReport(r));

    public void Print(Page page)
    {
        page.Row(s_table, "catalog", NameText.Escape(Path));
        page.Row(s_table, "state", State + (Problem is { } problem ? ": " + NameText.Printable(problem) : ""));
        if (State is not ("current" or "stale")) { return; }
        page.Row(s_table, "size", Human.Size(Bytes));
        page.Row(s_table, "snapshots", $"{Human.Count(SnapshotsKnown)} of the repository's {Human.Count(SnapshotsStored)}");
        page.Row(s_table, "directories", Human.Count(Directories));
        page.Row(s_table, "revisions", Human.Count(Revisions));
        if (_status.Runs.Count == 0) { return; }
        page.Line("");
        foreach (KnownRun last in _status.Runs)
        {
            string name = Human.Short(last.Run.Object);
            string result = last.Run.IsSkipped ? $"nothing changed since snapshot {name}" : $"snapshot {name}";
            string failed = last.Run.HasFailures ? $", {Human.Count(last.Run.Counts.Failed)} failed" : "";
            page.Row(s_runs, NameText.Escape(last.Source.Name), NameText.Escape(last.Source.Host), page.Time(last.Run.End), result + failed);
        }
    }
}
