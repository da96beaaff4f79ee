using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;
using Varve.Archives.Apply;

namespace Varve.App.Output.Lists;

/// <summary>What applying a list of metadata came to.</summary>
internal sealed class AppliedReport(byte[] target, AppliedList result, long skipped) : IReport<AppliedReport>
{
    static JsonTypeInfo<AppliedReport> IReport<AppliedReport>.Shape => ListShapes.Default.AppliedReport;

    public ByteText Target => new(target);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? TargetBytes => Target.Other;
    public long Applied => result.Applied;
    public long SkippedLines => skipped;
    public long FailureCount => result.FailureCount;
    public IEnumerable<FailureReport> Failures => FailureReport.Of(result.Failures);
    public IReadOnlyList<string> NotSet => result.NotSet;

    public void Print(Page page)
    {
        foreach (string note in NotSet) { page.Status.Message("varve: not set: " + NameText.Printable(note)); }
        FailureText.Print(page.Status, result.Failures, FailureCount);
        page.Done($"Metadata of {Human.Count(Applied, "entry", "entries")} applied to {NameText.Escape(target)}"
            + (FailureCount > 0 ? $"; {Human.Count(FailureCount)} failed" : ""));
    }
}
