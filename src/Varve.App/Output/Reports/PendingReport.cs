using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;
using Varve.Model;

namespace Varve.App.Output.Reports;

/// <summary>A file that a partial snapshot left for the next.</summary>
internal readonly struct PendingReport : IReport<PendingReport>
{
    private static readonly TableShape s_table =
        new(new TableColumn("SIZE", IsRight: true), new TableColumn("CHANGED"), new TableColumn("NAME")) { HasHeadings = false, Gap = 1 };

    private readonly PendingFile _file;
    private readonly EntryView _view;

    internal PendingReport(PendingFile file, EntryView view)
    {
        _file = file;
        _view = view;
    }

    static JsonTypeInfo<PendingReport> IReport<PendingReport>.Shape => ReportShapes.Default.PendingReport;

    public ByteText Path => new(_file.Path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;
    public long Size => _file.Size;
    public TimeText Time => new(_file.Time);

    public void Print(Page page)
    {
        if (_view == EntryView.Raw) { page.Out.WriteName(_file.Path); }
        else if (_view != EntryView.Long) { page.Line(NameText.Escape(_file.Path)); }
        else { page.Row(s_table, Human.Count(Size), page.ZonedTime(_file.Time), NameText.Escape(_file.Path)); }
    }
}
