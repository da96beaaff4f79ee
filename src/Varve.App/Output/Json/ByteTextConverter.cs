using System.Text.Json;
using System.Text.Json.Serialization;

namespace Varve.App.Output.Json;

/// <summary>Writes bytes as text without making a string of them. What is read back is text: null stands for other bytes.</summary>
internal sealed class ByteTextConverter : JsonConverter<ByteText>
{
    public override ByteText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.HasValueSequence ? throw new JsonException() : System.Text.Encoding.UTF8.GetBytes(reader.GetString() ?? ""));

    public override void Write(Utf8JsonWriter writer, ByteText value, JsonSerializerOptions options)
    {
        if (value.Other is null) { writer.WriteStringValue(value.Value); }
        else { writer.WriteNullValue(); }
    }
}
