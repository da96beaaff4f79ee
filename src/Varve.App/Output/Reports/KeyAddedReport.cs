using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;
using Varve.Vault.Open;

namespace Varve.App.Output.Reports;

/// <summary>A key slot that was added.</summary>
internal sealed class KeyAddedReport : KeyReport, IReport<KeyAddedReport>
{
    private readonly string? _createdKeyFile;

    internal KeyAddedReport(KeySlotInfo slot, string? createdKeyFile) : base(slot) => _createdKeyFile = createdKeyFile;

    static JsonTypeInfo<KeyAddedReport> IReport<KeyAddedReport>.Shape => ReportShapes.Default.KeyAddedReport;

    [JsonPropertyOrder(1)]
    public string? CreatedKeyFile => _createdKeyFile;

    public new void Print(Page page)
    {
        page.Done($"Added key {Name[..8]} of level {Level}: {NameText.Escape(Label)}");
        InitReport.PrintKeyFile(page, CreatedKeyFile);
    }
}
