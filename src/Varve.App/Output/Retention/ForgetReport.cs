using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;
using Varve.Maintain.Forget;

namespace Varve.App.Output.Retention;

/// <summary>What became of all snapshots together, or would.</summary>
internal sealed class ForgetReport : IReport<ForgetReport>
{
    private readonly ForgetResult _result;

    // Not public: the serializer's generator would take in what its parameters are made of.
    internal ForgetReport(ForgetResult result) => _result = result;

    static JsonTypeInfo<ForgetReport> IReport<ForgetReport>.Shape => RetentionShapes.Default.ForgetReport;

    public string Type => "forget";
    public bool DryRun => _result.IsDryRun;
    public int Kept => _result.Decisions.Count(static d => d.IsKept);
    public int Forgotten => _result.Decisions.Count(static d => !d.IsKept);
    public int Finished => _result.Finished;
    public FreedPart? Freed => FreedPart.Of(_result.Freed);

    public void Print(Page page)
    {
        if (Finished > 0)
        {
            page.Done($"Removed {Human.Count(Finished, "snapshot")} that an earlier run had recorded as forgotten and not come to remove");
        }

        if (Freed is { } freed) { page.Done(freed.Line(DryRun)); }
        page.Done($"{(DryRun ? "Dry run: would forget" : "Forgot")} {Human.Count(Forgotten, "snapshot")}, "
            + $"{(DryRun ? "keep" : "kept")} {Human.Count(Kept)}");
    }
}
