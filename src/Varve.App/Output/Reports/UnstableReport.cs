using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.History;

namespace Varve.App.Output.Reports;

/// <summary>A file that did not hold still.</summary>
internal readonly struct UnstableReport : IReport<UnstableReport>
{
    internal const string Header = "SINCE                BACKUPS  STORED  FILE";

    private readonly UnstableFile _file;

    internal UnstableReport(UnstableFile file) => _file = file;

    static JsonTypeInfo<UnstableReport> IReport<UnstableReport>.Shape => ReportShapes.Default.UnstableReport;

    public string Source => _file.Source;
    public ByteText Path => new(_file.Path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;
    public bool Torn => _file.IsTorn;
    public TimeText Since => new(_file.Since);
    public long Backups => _file.Runs;

    /// <summary>One line below <see cref="Header"/>.</summary>
    public void Print(Page page) =>
        page.Line(
            $"{Human.Time(_file.Since, page.Zone)}  {Human.Count(Backups),7}  {(Torn ? "torn" : "exact"),-6}  "
            + $"{NameText.Escape(Source)}: {EntryText.Path(_file.Path)}");
}
