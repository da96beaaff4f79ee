using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;
using Varve.Model.Changes;

namespace Varve.App.Output.Reports;

/// <summary>An entry that a run has dealt with, told at once.</summary>
internal readonly struct ChangedEntryReport : IReport<ChangedEntryReport>
{
    private readonly ChangedEntry _entry;

    internal ChangedEntryReport(ChangedEntry entry) => _entry = entry;

    static JsonTypeInfo<ChangedEntryReport> IReport<ChangedEntryReport>.Shape => ReportShapes.Default.ChangedEntryReport;

    public string Type => "entry";
    public string Change => KindText.Of(_entry.Change);
    public ByteText Path => new(_entry.Path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;
    public string? Kind => _entry.Kind == EntryKind.None ? null : KindText.Of(_entry.Kind);
    public string? Message => _entry.Failure?.Message;
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Size => _entry.Size;

    /// <summary>A letter and the path.</summary>
    public void Print(Page page)
    {
        string line = $"{ChangeLetter.Of(_entry.Change, page.Ink)} {EntryText.Name(_entry.Path, _entry.Kind)}";
        if (_entry is { Size: { } size, Kind: EntryKind.File }) { line += $"  {Human.Size(size)}"; }
        page.Line(_entry.Change == EntryChange.Failed ? $"{line}: {NameText.Printable(Message ?? "")}" : line);
    }
}
