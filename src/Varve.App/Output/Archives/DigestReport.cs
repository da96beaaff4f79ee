using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;
using Varve.Archives.Digest;

namespace Varve.App.Output.Archives;

/// <summary>The digest of a path; what could not be read instead, if there is any.</summary>
internal sealed class DigestReport(TreeDigest result) : IReport<DigestReport>
{
    static JsonTypeInfo<DigestReport> IReport<DigestReport>.Shape => ArchiveShapes.Default.DigestReport;

    public ByteText Path => new(result.Path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;
    public string? Digest => result.Digest;
    public long Entries => result.Entries;
    public long Bytes => result.Bytes;
    public long FailureCount => result.FailureCount;
    public IEnumerable<FailureReport> Failures => FailureReport.Of(result.Failures);

    public void Print(Page page)
    {
        FailureText.Print(page.Status, result.Failures, FailureCount);
        if (Digest is { } digest) { page.Line($"{digest}  {NameText.Escape(result.Path)}"); }
        else { page.Status.Message($"varve: {NameText.Escape(result.Path)}: no digest: {Human.Count(FailureCount, "path")} could not be read"); }
    }
}
