using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Varve.App.Output.Daemon;
using Varve.Platform;

namespace Varve.App.Daemon.Control;

/// <summary>
/// Answers whoever may ask: one line of a request, one of an answer, or several for who follows. A peer that says nothing, too much, or
/// does not read is left alone after some seconds; more than a few at a time are turned away; the loop waits for none of them.
/// </summary>
internal sealed class ControlServer : IDisposable
{
    private const int MostPeers = 8, LongestRequest = 4096;

    private static readonly TimeSpan s_answerWithin = TimeSpan.FromSeconds(20), s_followEvery = TimeSpan.FromSeconds(1);

    private readonly Socket _listener;
    private readonly Inbox _inbox;
    private readonly StatusBoard _board;
    private readonly TimeSpan _patience;
    private readonly bool _isOwn;
    private readonly ManualResetEventSlim _stopped = new();
    private int _peers;

    /// <param name="listener">Where it listens.</param>
    /// <param name="isOwn">
    /// Whether that is closed with this. One that systemd handed over is not: to end it here would end it there, and who asks next is to
    /// have the daemon started.
    /// </param>
    /// <param name="inbox">Where requests for the loop go.</param>
    /// <param name="board">What is shown.</param>
    /// <param name="patience">How long a peer may take to say what it wants, or to read what it gets.</param>
    internal ControlServer(Socket listener, bool isOwn, Inbox inbox, StatusBoard board, TimeSpan patience)
    {
        (_listener, _isOwn, _inbox, _board, _patience) = (listener, isOwn, inbox, board, patience);
        new Thread(Accept) { IsBackground = true, Name = "control" }.Start();
    }

    private void Accept()
    {
        while (!_stopped.IsSet)
        {
            Socket peer;
            try { peer = _listener.Accept(); }
            catch (SocketException) when (!_stopped.IsSet)
            {
                _stopped.Wait(_patience); // no descriptor is left, say
                continue;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException) { return; }

            if (Interlocked.Increment(ref _peers) > MostPeers || !IsAllowed(peer))
            {
                Interlocked.Decrement(ref _peers);
                peer.Dispose();
                continue;
            }

            new Thread(() => Serve(peer)) { IsBackground = true, Name = "peer" }.Start();
        }
    }

    private static bool IsAllowed(Socket peer) => ControlSocket.PeerOf(peer) is { } user && (user == 0 || user == Posix.EffectiveUser());

    private void Serve(Socket peer)
    {
        try
        {
            peer.SendTimeout = (int)_patience.TotalMilliseconds;
            if (Read(peer) is { } request) { Answer(peer, request); }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException) { /* it has gone, or takes too long */ }
        finally
        {
            peer.Dispose();
            Interlocked.Decrement(ref _peers);
        }
    }

    private string? Read(Socket peer)
    {
        var bytes = new byte[LongestRequest];
        int length = 0;
        long began = Environment.TickCount64;
        while (length < bytes.Length)
        {
            // For all of it, not for each piece.
            long left = (long)_patience.TotalMilliseconds - (Environment.TickCount64 - began);
            if (left <= 0) { return null; }
            peer.ReceiveTimeout = (int)left;
            int read = peer.Receive(bytes.AsSpan(length));
            if (read == 0) { return null; }
            length += read;
            int end = bytes.AsSpan(0, length).IndexOf((byte)'\n');
            // A request of HTTP is read to its end, which is an empty line.
            if (end >= 0 && IsHttp(bytes.AsSpan(0, end)) && bytes.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0) { continue; }
            if (end >= 0) { return Encoding.UTF8.GetString(bytes, 0, end); }
        }

        return null;
    }

    private static bool IsHttp(ReadOnlySpan<byte> line) => line.EndsWith(" HTTP/1.1\r"u8) || line.EndsWith(" HTTP/1.0\r"u8);

    /// <summary>What Prometheus asks for, by whatever brings it here.</summary>
    private void AnswerHttp(Socket peer, string line)
    {
        string[] words = line.Split(' ');
        (int code, string word, string text) = words[0] is not ("GET" or "HEAD") ? (405, "Method Not Allowed", "only GET\n")
            : words[1].Split('?')[0] != "/metrics" ? (404, "Not Found", "there is /metrics\n")
            : _board.Read(s_answerWithin) is { } status ? (200, "OK", MetricsText.Of(status)) : (503, "Service Unavailable", "not yet\n");
        byte[] body = Encoding.UTF8.GetBytes(text), head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {code} {word}\r\nContent-Type: {MetricsText.ContentType}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"));
        SendAll(peer, words[0] == "HEAD" ? head : [.. head, .. body]);
    }

    private void Answer(Socket peer, string text)
    {
        if (IsHttp(Encoding.UTF8.GetBytes(text)))
        {
            AnswerHttp(peer, text);
            return;
        }

        (string? verb, string? name) = Parse(text);
        switch (verb)
        {
            case ControlVerbs.Status:
                SendStatus(peer);
                return;
            case ControlVerbs.Follow:
                while (!_stopped.IsSet && !HasGone(peer))
                {
                    SendStatus(peer);
                    _stopped.Wait(s_followEvery);
                }

                return;
            case not null when ControlVerbs.IsForLoop(verb):
                var request = new DaemonRequest(verb, name);
                bool isTaken = _inbox.Post(request);
                Send(peer, (isTaken ? request.Wait(s_answerWithin) : null)
                    ?? new AnswerReport { Ok = false, Message = "the daemon does not answer" });
                return;
            default:
                Send(peer, new AnswerReport { Ok = false, Message = "that makes no sense to this daemon" });
                return;
        }
    }

    private static (string? Verb, string? Name) Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 4 });
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) { return default; }
            return (Member(root, "do"), Member(root, "name"));
        }
        catch (JsonException) { return default; }
    }

    private static string? Member(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // Who has closed is readable, and has nothing to say.
    private static bool HasGone(Socket peer) => peer.Poll(0, SelectMode.SelectRead) && peer.Available == 0;

    private void SendStatus(Socket peer)
    {
        if (_board.Read(s_answerWithin) is { } report)
        {
            SendAll(peer, [.. JsonSerializer.SerializeToUtf8Bytes(report, DaemonShapes.Default.StatusReport), (byte)'\n']);
        }
    }

    private static void Send(Socket peer, AnswerReport answer) =>
        SendAll(peer, [.. JsonSerializer.SerializeToUtf8Bytes(answer, DaemonShapes.Default.AnswerReport), (byte)'\n']);

    private static void SendAll(Socket peer, byte[] bytes)
    {
        for (int sent = 0; sent < bytes.Length;) { sent += peer.Send(bytes.AsSpan(sent)); }
    }

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        _stopped.Set();
        if (!_isOwn) { return; }
        try { _listener.Shutdown(SocketShutdown.Both); } // ends the wait of the thread that accepts
        catch (SocketException) { }
        _listener.Dispose();
    }
}
