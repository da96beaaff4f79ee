using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;

namespace Varve.App.Output.Reports;

/// <summary>A path that a snapshot lacks, or has only in part.</summary>
internal readonly struct SnapshotFailureReport : IReport<SnapshotFailureReport>
{
    private static readonly TableShape s_table = new(new TableColumn("STATE"), new TableColumn("FAILURE")) { HasHeadings = false };

    private readonly Failure _failure;

    internal SnapshotFailureReport(Failure failure) => _failure = failure;

    static JsonTypeInfo<SnapshotFailureReport> IReport<SnapshotFailureReport>.Shape => ReportShapes.Default.SnapshotFailureReport;

    public ByteText Path => new(_failure.Path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;
    public string Operation => FailureText.Operation(_failure.Operation);
    public int Errno => _failure.Errno;
    public string Message => _failure.Message;
    public bool Stored => _failure.IsStored;

    public void Print(Page page) =>
        page.Row(s_table, Stored ? "in part" : "lacking", $"{EntryText.Path(_failure.Path)}: {NameText.Printable(Message)}");
}
