using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;
using Varve.Archives.Extract;

namespace Varve.App.Output.Archives;

/// <summary>What was extracted.</summary>
internal sealed class ExtractReport : IReport<ExtractReport>
{
    private readonly ExtractOptions _options;
    private readonly ExtractResult _result;

    internal ExtractReport(ExtractOptions options, ExtractResult result) => (_options, _result) = (options, result);

    static JsonTypeInfo<ExtractReport> IReport<ExtractReport>.Shape => ArchiveShapes.Default.ExtractReport;

    public ByteText Archive => new(_options.Archive);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? ArchiveBytes => Archive.Other;
    public ByteText Target => new(_options.Target);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? TargetBytes => Target.Other;
    public long Files => _result.Files;
    public long Directories => _result.Directories;
    public long Others => _result.Others;
    public long Bytes => _result.Bytes;
    public double Seconds => Math.Round(_result.Elapsed.TotalSeconds, 3);
    public long FailureCount => _result.FailureCount;
    public IEnumerable<FailureReport> Failures => FailureReport.Of(_result.Failures);
    public IReadOnlyList<string> NotSet => _result.NotSet;

    public void Print(Page page)
    {
        foreach (string note in NotSet) { page.Status.Message("varve: not set: " + NameText.Printable(note)); }
        FailureText.Print(page.Status, _result.Failures, FailureCount);
        string others = Others > 0 ? $", {Human.Count(Others, "other")}" : "";
        string failed = FailureCount > 0 ? $"; {Human.Count(FailureCount)} failed" : "";
        page.Done($"Extracted {Human.Count(Files, "file")}, {Human.Count(Directories, "directory", "directories")}{others}, "
            + $"{Human.Size(Bytes)} in {Human.Duration(_result.Elapsed)} to {NameText.Escape(_options.Target)}{failed}");
    }
}
