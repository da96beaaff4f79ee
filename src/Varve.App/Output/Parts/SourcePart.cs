using System.Text.Json.Serialization;
using Varve.App.Output.Json;

namespace Varve.App.Output.Parts;

/// <summary>A source that may have been meant, in an error.</summary>
internal sealed class SourcePart(SourceInfo source)
{
    public string SourceId => source.Id;
    public string Source => source.Name;
    public string Host => source.Host;
    public ByteText CanonicalRoot => new(source.Root);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? CanonicalRootBytes => CanonicalRoot.Other;
    public WriterPart? Writer => WriterPart.Of(source.Writer);
    public string Signature => KindText.Of(source.Signature);
    public TimeText LatestStart => new(source.LatestStart);

    /// <summary>Its line; <paramref name="width"/> is that of the longest name.</summary>
    internal string Line(int width, TimeZoneInfo zone) =>
        $"{NameText.Escape(source.Name).PadRight(width)}  {source.Id[..8]}  {Human.Time(source.LatestStart, zone)}  "
        + $"{NameText.Escape(source.Host)}:{NameText.Escape(source.Root)}" + WriterPart.Remark(source.Signature, source.Writer, own: null);
}
