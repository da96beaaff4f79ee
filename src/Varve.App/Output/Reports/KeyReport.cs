using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;
using Varve.Vault.Open;

namespace Varve.App.Output.Reports;

/// <summary>A key slot.</summary>
internal class KeyReport : IReport<KeyReport>
{
    /// <summary>The method of what a password opens.</summary>
    internal const string Password = "password";

    private static readonly TableShape s_table = new(
        new TableColumn("KEY"), new TableColumn("LEVEL"), new TableColumn("METHOD"), new TableColumn("CREATED", IsTime: true),
        new TableColumn("LABEL"));

    private readonly KeySlotInfo _slot;

    internal KeyReport(KeySlotInfo slot) => _slot = slot;

    static JsonTypeInfo<KeyReport> IReport<KeyReport>.Shape => ReportShapes.Default.KeyReport;

    [JsonPropertyName("key")]
    public string Name => _slot.Name.ToString();
    public string Level => KindText.Of(_slot.Level);
    public string Method => _slot.Method;
    public string Label => _slot.Label;
    public string Created => _slot.Created;
    public bool Current => _slot.IsCurrent;

    /// <summary>One row of a table; a star is at the key in use.</summary>
    public void Print(Page page) => page.Row(s_table,
        Human.Short(_slot.Name) + (Current ? " *" : ""), Level, Method, page.Time(Created), NameText.Escape(Label));
}
