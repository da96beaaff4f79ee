using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;
using Varve.Vault;

namespace Varve.App.Output.Reports;

/// <summary>A key slot that was made of a paper key.</summary>
internal sealed class KeyImportedReport : KeyReport, IReport<KeyImportedReport>
{
    private readonly KeyImportResult _result;
    private readonly string? _createdKeyFile;

    internal KeyImportedReport(KeyImportResult result, string? createdKeyFile) : base(result.Slot) =>
        (_result, _createdKeyFile) = (result, createdKeyFile);

    static JsonTypeInfo<KeyImportedReport> IReport<KeyImportedReport>.Shape => ReportShapes.Default.KeyImportedReport;

    [JsonPropertyOrder(1)]
    public string? CreatedKeyFile => _createdKeyFile;

    [JsonPropertyOrder(1)]
    public bool Added => _result.IsSlotNew;

    [JsonPropertyOrder(1)]
    public bool HeaderRebuilt => _result.IsHeaderRebuilt;

    public new void Print(Page page)
    {
        string done = Added ? $"Added key {Name[..8]} of level {Level}" : $"Key {Name[..8]} of level {Level} is there already";
        page.Line($"{done}: {NameText.Escape(Label)}");
        if (HeaderRebuilt) { page.Line("Wrote the repository's header again: it was lost or damaged. 'varve check' tells what else is."); }
        InitReport.PrintKeyFile(page, CreatedKeyFile);
    }
}
