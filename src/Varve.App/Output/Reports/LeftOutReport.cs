using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;

namespace Varve.App.Output.Reports;

/// <summary>A path that was left out of a snapshot on purpose.</summary>
internal readonly struct LeftOutReport : IReport<LeftOutReport>
{
    private static readonly TableShape s_table = new(new TableColumn("STATE"), new TableColumn("WHY")) { HasHeadings = false };

    private readonly LeftOutEntry _entry;

    internal LeftOutReport(LeftOutEntry entry) => _entry = entry;

    static JsonTypeInfo<LeftOutReport> IReport<LeftOutReport>.Shape => ReportShapes.Default.LeftOutReport;

    public ByteText Path => new(_entry.Path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;
    public string LeftOut => KindText.Of(_entry.Reason);
    public string? Rule => _entry.Rule;
    public string? Origin => _entry.Rule is null ? null : KindText.Of(_entry.Origin);

    public void Print(Page page) => page.Row(s_table, "left out", $"{EntryText.Path(_entry.Path)}: {Why()}");

    private string Why() => _entry.Reason switch
    {
        LeftOutReason.Excluded when Rule is null => "excluded by a rule",
        LeftOutReason.Excluded => $"excluded by '{NameText.Printable(Rule)}'"
            + (_entry.Origin == RuleOrigin.Configuration ? " of the configuration" : ""),
        LeftOutReason.NotEntered => "another file system or subvolume, stored without what is in it",
        LeftOutReason.OtherFileSystem => "another file system",
        LeftOutReason.OwnDirectory => "Varve's own",
        LeftOutReason.KindNotStored => "of a kind that was not stored",
        LeftOutReason.Failed => "failed",
        LeftOutReason.Pending => "still to come",
        _ => "for another reason",
    };
}
