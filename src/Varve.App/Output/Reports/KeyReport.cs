using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.Vault.Open;

namespace Varve.App.Output.Reports;

/// <summary>A key slot.</summary>
internal class KeyReport(KeySlotInfo slot) : IReport<KeyReport>
{
    internal const string Header = "KEY         LEVEL  METHOD    CREATED               LABEL";

    static JsonTypeInfo<KeyReport> IReport<KeyReport>.Shape => ReportShapes.Default.KeyReport;

    [JsonPropertyName("key")]
    public string Name => slot.Name.ToString();
    public string Level => KindText.Of(slot.Level);
    public string Method => slot.Method;
    public string Label => slot.Label;
    public string Created => slot.Created;
    public bool Current => slot.IsCurrent;

    /// <summary>One line below <see cref="Header"/>.</summary>
    public void Print(Page page) => page.Line(
        $"{Human.Short(slot.Name)}{(Current ? " *" : "  ")}  {Level,-5}  {Method,-8}  {NameText.Escape(Created),-20}  {NameText.Escape(Label)}");
}
