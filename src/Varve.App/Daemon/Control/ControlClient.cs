using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Varve.App.Output.Daemon;

namespace Varve.App.Daemon.Control;

/// <summary>Asks the daemon. Used once, by one thread.</summary>
internal sealed class ControlClient : IDisposable
{
    private const int Longest = 64 << 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private readonly MemoryStream _rest = new();

    private ControlClient(Socket socket) => _socket = socket;

    /// <summary>Connects to the daemon that listens in a directory; null if there is none.</summary>
    internal static ControlClient? TryOpen(string directory)
    {
        if (ControlSocket.Connect(directory) is not { } socket) { return null; }
        socket.SendTimeout = socket.ReceiveTimeout = (int)s_patience.TotalMilliseconds;
        return new ControlClient(socket);
    }

    /// <summary>Says what is wanted; false if the daemon has gone.</summary>
    internal bool Ask(string verb, string? name)
    {
        var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartObject();
            writer.WriteString("do", verb);
            if (name is not null) { writer.WriteString("name", name); }
            writer.WriteEndObject();
        }

        text.WriteByte((byte)'\n');
        try { return _socket.Send(text.ToArray()) == text.Length; }
        catch (SocketException) { return false; }
    }

    /// <summary>The next answer about how everything stands; null at the end.</summary>
    /// <exception cref="VarveException">Unsupported: it is of another version.</exception>
    internal StatusReport? NextStatus() => Read() is { } line ? Parse(line, DaemonShapes.Default.StatusReport) : null;

    /// <summary>The answer to what was to be done; null if there is none.</summary>
    /// <exception cref="VarveException">Unsupported: it is of another version.</exception>
    internal AnswerReport? Answer() => Read() is { } line ? Parse(line, DaemonShapes.Default.AnswerReport) : null;

    private static T? Parse<T>(byte[] line, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> shape) where T : class
    {
        try { return JsonSerializer.Deserialize(line, shape); }
        catch (JsonException e)
        {
            throw new VarveException(ErrorKind.Unsupported, Subject.Request("the daemon's answer"),
                "makes no sense: it may be of another version: " + Encoding.UTF8.GetString(line.AsSpan(0, Math.Min(200, line.Length))),
                Advice.None, e);
        }
    }

    private byte[]? Read()
    {
        var piece = new byte[64 << 10];
        while (true)
        {
            byte[] all = _rest.ToArray();
            int end = Array.IndexOf(all, (byte)'\n');
            if (end >= 0)
            {
                _rest.SetLength(0);
                _rest.Write(all.AsSpan(end + 1));
                return all[..end];
            }

            int read;
            try { read = _socket.Receive(piece); }
            catch (SocketException) { return null; }
            if (read == 0 || _rest.Length > Longest) { return null; }
            _rest.Write(piece, 0, read);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        _rest.Dispose();
    }
}
