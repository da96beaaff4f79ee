using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;
using Varve.Model;

namespace Varve.App.Output.Reports;

/// <summary>A source: an item of the list, or what became of one, which <c>done</c> says to people.</summary>
internal sealed class SourceReport(SourceInfo source, string? done = null, WriterIdentity? own = null) : IReport<SourceReport>
{
    private static readonly TableShape s_table = new(
        new TableColumn("SOURCE"), new TableColumn("NAME"), new TableColumn("SNAPSHOTS", IsRight: true),
        new TableColumn("LAST", IsTime: true), new TableColumn("SIZE", IsRight: true), new TableColumn("ROOT"));

    static JsonTypeInfo<SourceReport> IReport<SourceReport>.Shape => ReportShapes.Default.SourceReport;

    public string SourceId => source.Id;
    public string Source => source.Name;
    public string Host => source.Host;
    public ByteText CanonicalRoot => new(source.Root);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? CanonicalRootBytes => CanonicalRoot.Other;
    public int Snapshots => source.Snapshots;
    public string Latest => source.Latest.ToString();
    public TimeText LatestStart => new(source.LatestStart);
    public long Bytes => source.Bytes;
    public WriterPart? Writer => WriterPart.Of(source.Writer);
    public string Signature => KindText.Of(source.Signature);
    public IReadOnlyList<string> FormerNames => source.FormerNames;
    public IReadOnlyList<string> FormerHosts => source.FormerHosts;
    public IEnumerable<PathReport> FormerRoots => source.FormerRoots.Select(static r => new PathReport(r));

    /// <summary>One row of a table, or what was done.</summary>
    public void Print(Page page)
    {
        if (done is not null) { page.Done(done); }
        else
        {
            page.Row(s_table, source.Id[..8], NameText.Escape(source.Name), Human.Count(Snapshots), page.Time(source.LatestStart),
                Human.Size(Bytes), NameText.Escape(source.Host) + ":" + NameText.Escape(source.Root)
                + WriterPart.Remark(source.Signature, source.Writer, own));
        }
    }
}
