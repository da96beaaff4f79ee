using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;

namespace Varve.App.Output.Archives;

/// <summary>The digest of a directory below a path; null if something in it could not be read.</summary>
internal sealed class DigestDirectoryReport(byte[] path, string? digest) : IReport<DigestDirectoryReport>
{
    static JsonTypeInfo<DigestDirectoryReport> IReport<DigestDirectoryReport>.Shape => ArchiveShapes.Default.DigestDirectoryReport;

    public ByteText Path => new(path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;
    public string? Digest => digest;

    public void Print(Page page)
    {
        if (digest is not null) { page.Line($"{digest}  {NameText.Escape(path)}"); }
    }
}
