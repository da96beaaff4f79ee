using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Varve.App.Output.Json;
using Varve.App.Output.Pages;
using Varve.App.Output.Parts;

namespace Varve.App.Output.Changes;

/// <summary>A directory with a mark by hand, or one that lost it.</summary>
internal readonly struct NoScanReport : IReport<NoScanReport>
{
    private readonly byte[] _path;
    private readonly bool _isListed;

    /// <summary>One of those that are marked.</summary>
    internal NoScanReport(byte[] path) => (_path, _isListed, Marked) = (path, true, true);

    /// <summary>What a command did.</summary>
    internal NoScanReport(byte[] path, bool isMarked, bool hasChanged) => (_path, Marked, Changed) = (path, isMarked, hasChanged);

    static JsonTypeInfo<NoScanReport> IReport<NoScanReport>.Shape => ChangeShapes.Default.NoScanReport;

    public ByteText Path => new(_path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;
    public bool Marked { get; }
    public bool Changed { get; }

    public void Print(Page page)
    {
        string name = EntryText.Path(_path);
        page.Line(_isListed ? name
            : Marked ? $"{name}: {(Changed ? "marked; backups do not enter it from the next one on" : "was marked already")}"
            : $"{name}: {(Changed ? "no longer marked; the next backup enters it" : "had no mark")}");
    }
}
