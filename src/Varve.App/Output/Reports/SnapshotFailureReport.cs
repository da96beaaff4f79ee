using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;
using Varve.Model.Snapshots;

namespace Varve.App.Output.Reports;

/// <summary>A path that a snapshot lacks, or has only in part: because it failed, or because it was left out on purpose.</summary>
internal readonly struct SnapshotFailureReport : IReport<SnapshotFailureReport>
{
    private static readonly TableShape s_table = new(new TableColumn("STATE"), new TableColumn("FAILURE")) { HasHeadings = false };

    private readonly Failure? _failure;
    private readonly LeftOutEntry? _leftOut;
    private readonly byte[] _path;

    internal SnapshotFailureReport(Failure failure) => (_failure, _path) = (failure, failure.Path);

    internal SnapshotFailureReport(LeftOutEntry leftOut) => (_leftOut, _path) = (leftOut, leftOut.Path);

    static JsonTypeInfo<SnapshotFailureReport> IReport<SnapshotFailureReport>.Shape => ReportShapes.Default.SnapshotFailureReport;

    public ByteText Path => new(_path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;
    public string? Operation => _failure is null ? null : FailureText.Operation(_failure.Operation);
    public int Errno => _failure?.Errno ?? 0;
    public string Message => _failure?.Message ?? LeftOutText.Of(_leftOut!);
    public bool Stored => _failure?.IsStored ?? _leftOut!.Reason == LeftOutReason.NotEntered;
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? LeftOut => _leftOut is null ? null : KindText.Of(_leftOut.Reason);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Rule => _leftOut?.Rule;
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Origin => _leftOut?.Rule is null ? null : KindText.Of(_leftOut.Origin);

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? File => _leftOut?.File;
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Line => _leftOut?.File is null ? null : _leftOut.Line;

    public void Print(Page page)
    {
        string state = _leftOut is not null ? "left out" : Stored ? "in part" : "lacking";
        page.Row(s_table, state, $"{EntryText.Path(_path)}: {NameText.Printable(Message)}");
    }
}
