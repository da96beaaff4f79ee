using System.Buffers;
using System.Text.Json;
using Varve.App.Output;
using Varve.Format;

namespace Varve.App.Serve.Network;

/// <summary>One JSON object a line for each request. A reader that goes away stops nothing. Thread-safe.</summary>
/// <param name="output">Where lines are written, each at once.</param>
/// <param name="time">The clock.</param>
internal sealed class AccessLog(TextOutput output, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _line = new(); // guarded by _lock

    /// <summary>Writes of a request that is over.</summary>
    internal void Write(string client, string address, string method, string path, int status, long received, long sent, TimeSpan took)
    {
        lock (_lock)
        {
            _line.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(_line))
            {
                json.WriteStartObject();
                json.WriteString("time", Rfc3339.Of(time.GetUtcNow()));
                json.WriteString("client", client);
                json.WriteString("address", address);
                json.WriteString("method", method);
                json.WriteString("path", path);
                json.WriteNumber("status", status);
                json.WriteNumber("received", received);
                json.WriteNumber("sent", sent);
                json.WriteNumber("milliseconds", (long)took.TotalMilliseconds);
                json.WriteEndObject();
            }

            _line.Write("\n"u8);
            try
            {
                output.WriteBytes(_line.WrittenSpan);
                output.Flush();
            }
            catch (Exception e) when (e is BrokenPipeException or VarveException) { /* nobody reads it, or the disk is full */ }
        }
    }
}
