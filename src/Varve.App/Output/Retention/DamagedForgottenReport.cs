using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;

namespace Varve.App.Output.Retention;

/// <summary>A snapshot that nobody could read was forgotten, or would be.</summary>
internal sealed class DamagedForgottenReport(ObjectName name, bool isDryRun) : IReport<DamagedForgottenReport>
{
    static JsonTypeInfo<DamagedForgottenReport> IReport<DamagedForgottenReport>.Shape => RetentionShapes.Default.DamagedForgottenReport;

    public string Type => "forgetDamaged";
    public bool DryRun => isDryRun;
    [JsonPropertyName("snapshot")]
    public string Name => name.ToString();

    public void Print(Page page) => page.Done(isDryRun
        ? $"Dry run: would forget snapshot {Human.Short(name)}, which cannot be read" : $"Forgot snapshot {Human.Short(name)}, which could not be read");
}
