using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.Vault.Open;

namespace Varve.App.Output.Reports;

/// <summary>A key slot that was added.</summary>
internal sealed class KeyAddedReport(KeySlotInfo slot, string? createdKeyFile) : KeyReport(slot), IReport<KeyAddedReport>
{
    static JsonTypeInfo<KeyAddedReport> IReport<KeyAddedReport>.Shape => ReportShapes.Default.KeyAddedReport;

    [JsonPropertyOrder(1)]
    public string? CreatedKeyFile => createdKeyFile;

    public new void Print(Page page)
    {
        page.Line($"Added key {Name[..8]} of level {Level}: {NameText.Escape(Label)}");
        InitReport.PrintKeyFile(page, CreatedKeyFile);
    }
}
