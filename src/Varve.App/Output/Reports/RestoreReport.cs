using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.Restore;

namespace Varve.App.Output.Reports;

/// <summary>What a restore did.</summary>
internal sealed class RestoreReport(RestoreOptions options, RestoreResult result) : IReport<RestoreReport>
{
    static JsonTypeInfo<RestoreReport> IReport<RestoreReport>.Shape => ReportShapes.Default.RestoreReport;

    public string Snapshot => options.Snapshot.Name.ToString();
    public ByteText Target => new(options.Target);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? TargetBytes => Target.Other;
    public long Files => result.Files;
    public long Directories => result.Directories;
    public long Others => result.Others;
    public long Bytes => result.Bytes;
    public double Seconds => Math.Round(result.Elapsed.TotalSeconds, 3);
    public long TornCount => result.TornCount;
    public IEnumerable<PathReport> Torn => result.Torn.Select(static p => new PathReport(p));
    public long FailureCount => result.FailureCount;
    public IEnumerable<FailureReport> Failures => FailureReport.Of(result.Failures);
    public IReadOnlyList<string> NotSet => result.NotSet;

    public void Print(Page page)
    {
        double seconds = Math.Max(0.001, result.Elapsed.TotalSeconds);
        page.Line($"Restored snapshot {Human.Short(options.Snapshot.Name)} to {NameText.Escape(options.Target)}");
        string others = Others > 0 ? $", {Human.Count(Others, "other")}" : "";
        page.Line($"  {Human.Count(Files, "file")}, {Human.Count(Directories, "directory", "directories")}{others}, {Human.Size(Bytes)}"
            + $" in {Human.Duration(result.Elapsed)} ({Human.Size((long)(Bytes / seconds))}/s)");
        if (TornCount > 0)
        {
            page.Line($"  {Human.Count(TornCount, "file")} torn: changed while the backup read them, the content may mix moments");
        }

        if (FailureCount > 0)
        {
            page.Line($"  {Human.Count(FailureCount, "path")} failed");
        }

        foreach (string note in NotSet) { page.Status.Message("varve: not set: " + NameText.Printable(note)); }
        foreach (byte[] path in result.Torn.Take(FailureText.Printed)) { page.Status.Message($"varve: {NameText.Escape(path)}: torn"); }
        FailureText.Print(page.Status, result.Failures, FailureCount);
    }
}
