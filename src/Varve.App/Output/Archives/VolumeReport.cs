using System.Text.Json.Serialization;
using Varve.App.Output.Json;
using Varve.Archives.Write;

namespace Varve.App.Output.Archives;

/// <summary>A volume of an archive.</summary>
internal readonly struct VolumeReport(ArchiveVolume volume)
{
    public ByteText Path => new(volume.Path);
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? PathBytes => Path.Other;
    public long Size => volume.Bytes;
    public ByteText? Larger => volume.Larger is { } path ? new(path) : null;
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? LargerBytes => Larger?.Other;
}
