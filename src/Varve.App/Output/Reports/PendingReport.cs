using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.Model;

namespace Varve.App.Output.Reports;

/// <summary>A file that a partial snapshot left for the next.</summary>
internal readonly struct PendingReport(PendingFile file, EntryView view) : IReport<PendingReport>
{
    static JsonTypeInfo<PendingReport> IReport<PendingReport>.Shape => ReportShapes.Default.PendingReport;

    public ByteText Path => new(file.Path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;
    public long Size => file.Size;
    public TimeText Time => new(file.Time);

    public void Print(Page page)
    {
        if (view == EntryView.Raw) { page.Out.WriteName(file.Path); }
        else { page.Line(view == EntryView.Long ? $"{Human.Count(Size),14} {Human.Time(file.Time, page.Zone)} {NameText.Escape(file.Path)}" : NameText.Escape(file.Path)); }
    }
}
