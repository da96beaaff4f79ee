using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;

namespace Varve.App.Output.Archives;

/// <summary>Whether a path has the digest that was recorded.</summary>
internal sealed class DigestCheckReport(byte[] path, string recorded, string? digest) : IReport<DigestCheckReport>
{
    static JsonTypeInfo<DigestCheckReport> IReport<DigestCheckReport>.Shape => ArchiveShapes.Default.DigestCheckReport;

    public ByteText Path => new(path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;
    public string State => digest is null ? "unreadable" : digest == recorded ? "ok" : "different";
    public string Recorded => recorded;
    public string? Digest => digest;

    public void Print(Page page)
    {
        string name = NameText.Escape(path);
        if (digest == recorded) { page.Done($"{name}: OK"); }
        else { page.Line(page.Ink.Bad($"{name}: FAILED{(digest is null ? " open or read" : "")}")); }
    }
}
