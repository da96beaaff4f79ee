using System.Text.Json;
using System.Text.Json.Serialization;

namespace Varve.App.Output.Json;

/// <summary>Writes a time as text.</summary>
internal sealed class TimeTextConverter : JsonConverter<TimeText>
{
    public override TimeText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, TimeText value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
