using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;
using Varve.Vault.Open;

namespace Varve.App.Output.Reports;

/// <summary>A key slot in the place of another.</summary>
internal sealed class KeyChangedReport : KeyReport, IReport<KeyChangedReport>
{
    private readonly KeySlotInfo _old;
    private readonly string? _createdKeyFile;

    internal KeyChangedReport(KeySlotInfo old, KeySlotInfo slot, string? createdKeyFile) : base(slot) =>
        (_old, _createdKeyFile) = (old, createdKeyFile);

    static JsonTypeInfo<KeyChangedReport> IReport<KeyChangedReport>.Shape => ReportShapes.Default.KeyChangedReport;

    [JsonPropertyOrder(1)]
    public string? CreatedKeyFile => _createdKeyFile;

    [JsonPropertyOrder(1)]
    public string Replaced => _old.Name.ToString();

    public new void Print(Page page)
    {
        string what = Method == Password ? "password" : "key file";
        page.Line($"Changed the {what} of key {Human.Short(_old.Name)} ({NameText.Escape(Label)}), which is key {Name[..8]} now");
        InitReport.PrintKeyFile(page, CreatedKeyFile);
    }
}
