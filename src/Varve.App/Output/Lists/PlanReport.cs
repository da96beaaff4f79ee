using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;
using Varve.Archives.Plan;

namespace Varve.App.Output.Lists;

/// <summary>What a plan came to.</summary>
internal sealed class PlanReport(PlanSummary summary, IReadOnlyList<Failure> failures, long failureCount, long skipped, long refused)
    : IReport<PlanReport>
{
    static JsonTypeInfo<PlanReport> IReport<PlanReport>.Shape => ListShapes.Default.PlanReport;

    public PlanCountPart Due => new(summary.Due);
    public int Volumes => summary.Volumes;
    public long Alone => summary.Alone;
    public PlanCountPart BeyondBudget => new(summary.BeyondBudget);
    public PlanCountPart TooLarge => new(summary.TooLarge);
    public PlanCountPart Saved => new(summary.Saved);
    public PlanCountPart SavedNewer => new(summary.SavedNewer);
    public PlanCountPart Excluded => new(summary.Excluded);
    public PlanCountPart Duplicate => new(summary.Duplicate);
    public PlanCountPart Gone => new(summary.Gone);
    public long SkippedLines => skipped;
    public long Refused => refused;
    public long FailureCount => failureCount;
    public IEnumerable<FailureReport> Failures => FailureReport.Of(failures);

    public void Print(Page page)
    {
        FailureText.Print(page.Status, failures, failureCount);
        foreach (string line in Lines()) { page.Remark(line); }
    }

    /// <summary>It, for people, beside the list.</summary>
    private IEnumerable<string> Lines()
    {
        string volumes = Volumes > 1 ? $" in {Human.Count(Volumes, "volume")}" : "";
        yield return "due: " + Due.Words() + volumes + (Alone > 0 ? $"; {Human.Count(Alone, "file")} larger than a volume" : "");
        if (summary.BeyondBudget.Files > 0) { yield return "beyond the budget: " + BeyondBudget.Words(); }
        if (summary.TooLarge.Files > 0) { yield return "larger than the budget: " + TooLarge.Words(); }
        string newer = summary.SavedNewer.Files > 0 ? $"; of {Human.Count(summary.SavedNewer.Files)} something newer" : "";
        yield return "saved: " + Saved.Words() + newer;
        if (summary.Excluded.Files > 0) { yield return "excluded: " + Excluded.Words(); }
        if (summary.Duplicate.Files > 0) { yield return "duplicate: " + Duplicate.Words(); }
        if (summary.Gone.Files > 0) { yield return "saved and not there: " + Gone.Words(); }
    }
}
