using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;

namespace Varve.App.Output.Reports;

/// <summary>A file that a partial snapshot left for the next.</summary>
internal readonly struct PendingReport : IReport<PendingReport>
{
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
        else
        {
            page.Line(_view == EntryView.Long ? $"{Human.Count(Size),14} {Human.Time(_file.Time, page.Zone)} {NameText.Escape(_file.Path)}"
                : NameText.Escape(_file.Path));
        }
    }
}
