using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Varve.App.Output.Reports;

/// <summary>A key slot.</summary>
internal class KeyReport : IReport<KeyReport>
{
    internal const string Header = "KEY         LEVEL  METHOD    CREATED               LABEL";

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

    /// <summary>One line below <see cref="Header"/>.</summary>
    public void Print(Page page) => page.Line(
        $"{Human.Short(_slot.Name)}{(Current ? " *" : "  ")}  {Level,-5}  {Method,-8}  "
        + $"{NameText.Escape(Created),-20}  {NameText.Escape(Label)}");
}
