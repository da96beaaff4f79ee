using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;

namespace Varve.App.Output.Reports;

/// <summary>What a restore did.</summary>
internal sealed class RestoreReport : IReport<RestoreReport>
{
    private readonly RestoreOptions _options;
    private readonly RestoreResult _result;

    internal RestoreReport(RestoreOptions options, RestoreResult result)
    {
        _options = options;
        _result = result;
    }

    static JsonTypeInfo<RestoreReport> IReport<RestoreReport>.Shape => ReportShapes.Default.RestoreReport;

    public string Snapshot => _options.Snapshot.Name.ToString();
    public ByteText Target => new(_options.Target);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? TargetBytes => Target.Other;
    public long Files => _result.Files;
    public long Directories => _result.Directories;
    public long Others => _result.Others;
    public long Bytes => _result.Bytes;
    public double Seconds => Math.Round(_result.Elapsed.TotalSeconds, 3);
    public long TornCount => _result.TornCount;
    public IEnumerable<PathReport> Torn => _result.Torn.Select(static p => new PathReport(p));
    public long FailureCount => _result.FailureCount;
    public IEnumerable<FailureReport> Failures => FailureReport.Of(_result.Failures);
    public IReadOnlyList<string> NotSet => _result.NotSet;

    public void Print(Page page)
    {
        double seconds = Math.Max(0.001, _result.Elapsed.TotalSeconds);
        page.Line($"Restored snapshot {Human.Short(_options.Snapshot.Name)} to {NameText.Escape(_options.Target)}");
        string others = Others > 0 ? $", {Human.Count(Others, "other")}" : "";
        page.Line($"  {Human.Count(Files, "file")}, {Human.Count(Directories, "directory", "directories")}{others}, {Human.Size(Bytes)}"
            + $" in {Human.Duration(_result.Elapsed)} ({Human.Size((long)(Bytes / seconds))}/s)");
        if (TornCount > 0)
        {
            page.Line($"  {Human.Count(TornCount, "file")} torn: changed while the backup read them, the content may mix moments");
        }

        if (FailureCount > 0) { page.Line($"  {Human.Count(FailureCount, "path")} failed"); }

        foreach (string note in NotSet) { page.Status.Message("varve: not set: " + NameText.Printable(note)); }
        foreach (byte[] path in _result.Torn.Take(FailureText.Printed)) { page.Status.Message($"varve: {NameText.Escape(path)}: torn"); }
        FailureText.Print(page.Status, _result.Failures, FailureCount);
    }
}
