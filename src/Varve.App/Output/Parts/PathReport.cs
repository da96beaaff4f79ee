using System.Text.Json.Serialization;
using Varve.App.Output.Json;

namespace Varve.App.Output.Parts;

/// <summary>A path in a list of such.</summary>
internal readonly struct PathReport(byte[] path)
{
    public ByteText Path => new(path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;
}
