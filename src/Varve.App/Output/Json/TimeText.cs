using System.Text.Json.Serialization;

namespace Varve.App.Output.Json;

/// <summary>A time as a member: as <see cref="FileTime"/> writes it.</summary>
[JsonConverter(typeof(TimeTextConverter))]
internal readonly struct TimeText(FileTime time)
{
    public override string ToString() => time.ToString();
}
