using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Varve.App.Output.Json;

/// <summary>Writes one JSON object per line (docs/json.md). The writer is reused: memory stays flat however many lines there are.</summary>
#pragma warning disable CA1001 // The writer holds nothing of its own: the buffer is ours, and every line is flushed.
internal sealed class JsonOutput(TextOutput output)
#pragma warning restore CA1001
{
    private readonly ArrayBufferWriter<byte> _line = new(1024);
    private Utf8JsonWriter? _writer;

    /// <summary>Writes the object and a newline.</summary>
    internal void Write<T>(T value, JsonTypeInfo<T> shape)
    {
        output.WriteBytes(Line(value, shape));
        output.Write("\n");
    }

    /// <summary>The object as UTF-8; valid until the next one.</summary>
    internal ReadOnlySpan<byte> Line<T>(T value, JsonTypeInfo<T> shape)
    {
        _line.ResetWrittenCount();
        if (_writer is null)
        {
            // Escapes what JSON must and leaves the rest readable: the output is no HTML.
            _writer = new Utf8JsonWriter(_line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        }
        else { _writer.Reset(_line); }

        JsonSerializer.Serialize(_writer, value, shape);
        _writer.Flush();
        return _line.WrittenSpan;
    }
}
