using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;
using Varve.History.Entries;
using Varve.History;

namespace Varve.App.Output.Reports;

/// <summary>A file that was not seen to hold still.</summary>
internal readonly struct UnstableReport : IReport<UnstableReport>
{
    private static readonly TableShape s_table = new(
        new TableColumn("SINCE", IsTime: true), new TableColumn("BACKUPS", IsRight: true), new TableColumn("STORED"), new TableColumn("FILE"));

    private readonly UnstableFile _file;

    internal UnstableReport(UnstableFile file) => _file = file;

    static JsonTypeInfo<UnstableReport> IReport<UnstableReport>.Shape => ReportShapes.Default.UnstableReport;

    public string Source => _file.Source;
    public ByteText Path => new(_file.Path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;
    public bool Torn => _file.IsTorn;
    public bool LengthUnknown => _file.IsLengthUnknown;
    public TimeText Since => new(_file.Since);
    public long Backups => _file.Runs;

    /// <summary>One row of a table.</summary>
    public void Print(Page page) =>
        page.Row(s_table, page.Time(_file.Since), Human.Count(Backups), Torn ? "torn" : "exact",
            $"{NameText.Escape(Source)}: {EntryText.Path(_file.Path)}{(LengthUnknown ? " (length unknown)" : "")}");
}
