using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;
using Varve.Archives.Write;

namespace Varve.App.Output.Archives;

/// <summary>What came of archiving.</summary>
internal sealed class ArchiveReport : IReport<ArchiveReport>
{
    private readonly ArchiveResult _result;

    internal ArchiveReport(ArchiveResult result) => _result = result;

    static JsonTypeInfo<ArchiveReport> IReport<ArchiveReport>.Shape => ArchiveShapes.Default.ArchiveReport;

    public ByteText Archive => new(_result.Path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? ArchiveBytes => Archive.Other;
    public bool Unchanged => _result.IsUnchanged;
    public string? Digest => _result.Digest;
    public long Files => _result.Files;
    public long Directories => _result.Directories;
    public long Others => _result.Others;
    public long Bytes => _result.Bytes;
    public long Size => _result.ArchiveBytes;
    public IEnumerable<VolumeReport> Volumes => _result.Volumes.Select(static v => new VolumeReport(v));
    public double Seconds => Math.Round(_result.Elapsed.TotalSeconds, 3);
    public long TornCount => _result.TornCount;
    public IEnumerable<PathReport> Torn => _result.Torn.Select(static p => new PathReport(p));
    public long FailureCount => _result.FailureCount;
    public IEnumerable<FailureReport> Failures => FailureReport.Of(_result.Failures);
    public long SkippedCount => _result.SkippedCount;
    public IEnumerable<FailureReport> Skipped => FailureReport.Of(_result.Skipped);
    public IEnumerable<PathReport> Removed => _result.Removed.Select(static p => new PathReport(p));

    public void Print(Page page)
    {
        FailureText.Print(page.Status, _result.Failures, FailureCount);
        foreach (byte[] path in _result.Torn.Take(FailureText.Printed)) { page.Status.Message($"varve: {NameText.Escape(path)}: torn"); }
        if (page.Detail != Detail.Quiet) { FailureText.Print(page.Status, _result.Skipped, SkippedCount, "not archived: "); }
        string name = NameText.Escape(_result.Path);
        if (Unchanged) { page.Done($"No changes since {name}"); }
        else
        {
            string others = Others > 0 ? $", {Human.Count(Others, "other")}" : "";
            string torn = TornCount > 0 ? $"; {Human.Count(TornCount)} torn" : "";
            string failed = FailureCount > 0 ? $"; {Human.Count(FailureCount)} failed" : "";
            int volumes = _result.Volumes.Count;
            string many = volumes > 1 ? $" and {Human.Count(volumes - 1)} more" : "";
            page.Done($"Archived {Human.Count(Files, "file")}, {Human.Count(Directories, "directory", "directories")}{others}, "
                + $"{Human.Size(Bytes)} in {Human.Duration(_result.Elapsed)}: {name}{many} ({Human.Size(Size)}){torn}{failed}");
        }

        foreach (ArchiveVolume volume in _result.Volumes)
        {
            if (volume.Larger is not { } larger) { continue; }
            page.Done($"{NameText.Escape(volume.Path)} has {Human.Size(volume.Bytes)}: {NameText.Escape(larger)} cannot be split");
        }

        foreach (byte[] removed in _result.Removed) { page.Done($"Removed {NameText.Escape(removed)}"); }
    }
}
