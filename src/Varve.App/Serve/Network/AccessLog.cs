using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using Varve.App.Output;
using Varve.Format;

namespace Varve.App.Serve.Network;

/// <summary>
/// One JSON object a line for each request, written by a thread of its own: a reader that is slow, or goes away, holds up no request. What
/// he is too slow for is left out, and said. Thread-safe.
/// </summary>
internal sealed class AccessLog : IDisposable
{
    /// <summary>So many lines wait at most.</summary>
    internal const int MostWaiting = 10_000;

    private static readonly TimeSpan s_last = TimeSpan.FromSeconds(5);

    private readonly BlockingCollection<byte[]> _waiting = new(MostWaiting);
    private readonly TextOutput _output;
    private readonly TimeProvider _time;
    private readonly Thread _writer;
    private long _leftOut;
    private bool _isOver;

    /// <param name="output">Where lines are written; the log's alone until it is disposed of.</param>
    /// <param name="time">The clock.</param>
    internal AccessLog(TextOutput output, TimeProvider time)
    {
        (_output, _time) = (output, time);
        _writer = new Thread(WriteAll) { Name = "varve-log", IsBackground = true };
        _writer.Start();
    }

    /// <summary>Tells of a request that is over.</summary>
    internal void Write(string client, string address, string method, string path, int status, long received, long sent, TimeSpan took)
    {
        byte[] line = Line(json =>
        {
            json.WriteString("client", client);
            json.WriteString("address", address);
            json.WriteString("method", method);
            json.WriteString("path", path);
            json.WriteNumber("status", status);
            json.WriteNumber("received", received);
            json.WriteNumber("sent", sent);
            json.WriteNumber("milliseconds", (long)took.TotalMilliseconds);
        });
        try
        {
            if (!_waiting.TryAdd(line)) { Interlocked.Increment(ref _leftOut); }
        }
        catch (InvalidOperationException) { /* the server has ended, and this request had not */ }
    }

    /// <summary>Writes what waits, for five seconds at most; what it is told later is not written.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isOver, true)) { return; }
        _waiting.CompleteAdding();
        if (_writer.Join(s_last)) { _waiting.Dispose(); }
    }

    private void WriteAll()
    {
        foreach (byte[] line in _waiting.GetConsumingEnumerable())
        {
            try
            {
                _output.WriteBytes(line);
                if (Interlocked.Exchange(ref _leftOut, 0) is > 0 and var leftOut)
                {
                    _output.WriteBytes(Line(json => json.WriteNumber("left_out", leftOut)));
                }

                if (_waiting.Count == 0) { _output.Flush(); }
            }
            catch (Exception e) when (e is BrokenPipeException or VarveException) { /* nobody reads it, or the disk is full */ }
        }
    }

    private byte[] Line(Action<Utf8JsonWriter> facts)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("time", Rfc3339.Of(_time.GetUtcNow()));
            facts(json);
            json.WriteEndObject();
        }

        line.Write("\n"u8);
        return line.WrittenSpan.ToArray();
    }
}
