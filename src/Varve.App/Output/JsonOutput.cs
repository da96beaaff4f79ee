using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Varve.Model;

namespace Varve.App.Output;

/// <summary>Writes one JSON object per line (docs/json.md). The writer is reused: memory stays flat however many lines there are.</summary>
internal sealed class JsonOutput(TextOutput output)
{
    private readonly ArrayBufferWriter<byte> _line = new(1024);
    private Utf8JsonWriter? _writer;

    /// <summary>Writes an object whose members <paramref name="members"/> writes, and a newline.</summary>
    internal void Object<T>(T state, Action<Utf8JsonWriter, T> members)
    {
        _line.ResetWrittenCount();
        if (_writer is null)
        {
            _writer = Create(_line);
        }
        else
        {
            _writer.Reset(_line);
        }

        _writer.WriteStartObject();
        members(_writer, state);
        _writer.WriteEndObject();
        _writer.Flush();
        output.WriteBytes(_line.WrittenSpan);
        output.Write("\n");
    }

    /// <summary>A writer that escapes what JSON must and leaves the rest readable; the output is no HTML.</summary>
    internal static Utf8JsonWriter Create(IBufferWriter<byte> target) =>
        new(target, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary><c>name</c> as text when the bytes are UTF-8; otherwise null, with the bytes in <c>nameBytes</c> (base64).</summary>
    internal static void Bytes(Utf8JsonWriter json, string name, ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            json.WriteString(name, bytes);
        }
        else
        {
            json.WriteNull(name);
            json.WriteBase64String(name + "Bytes", bytes);
        }
    }

    /// <summary>A time: RFC 3339 in UTC with nine decimals, or <c>@seconds.nanoseconds</c> outside the years 1 to 9999.</summary>
    internal static void Time(Utf8JsonWriter json, string name, FileTime time) => json.WriteString(name, TimeText(time));

    internal static string TimeText(FileTime time) => time.ToString();

    /// <summary>The failures, the first <see cref="FailureText.InJson"/> of them, and how many there are.</summary>
    internal static void Failures(Utf8JsonWriter json, IReadOnlyList<Failure> failures, long count)
    {
        json.WriteNumber("failureCount", count);
        json.WriteStartArray("failures");
        for (int i = 0; i < failures.Count && i < FailureText.InJson; i++)
        {
            json.WriteStartObject();
            Bytes(json, "path", failures[i].Path);
            json.WriteString("operation", FailureText.Operation(failures[i].Operation));
            json.WriteNumber("errno", failures[i].Errno);
            json.WriteString("message", failures[i].Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
