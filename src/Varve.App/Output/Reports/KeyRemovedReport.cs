using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;

namespace Varve.App.Output.Reports;

/// <summary>A key slot that was removed, as it was named.</summary>
internal sealed class KeyRemovedReport(string key) : IReport<KeyRemovedReport>
{
    static JsonTypeInfo<KeyRemovedReport> IReport<KeyRemovedReport>.Shape => ReportShapes.Default.KeyRemovedReport;

    public string Removed => key;

    public void Print(Page page) => page.Done($"Removed key {NameText.Escape(Removed)}");
}
