using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Varve.Tests.Kit.Cloud;

/// <summary>
/// Stands between a client and a service on loopback and does to each request what a rule says. One connection carries one request.
/// Thread-safe.
/// </summary>
internal sealed class RequestProxy : IDisposable
{
    /// <summary>For how many seconds <see cref="RequestFault.SlowDown"/> asks for quiet.</summary>
    internal const int Quiet = 40;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _service;
    private int _requests;

    /// <summary>Starts it; the service listens at a port, if there is one.</summary>
    internal RequestProxy(int service = 0)
    {
        _service = service;
        _listener.Start();
        new Thread(Accept) { IsBackground = true, Name = "proxy" }.Start();
    }

    /// <summary>Says, of a request's number (from 0) and first line, what is done to it.</summary>
    internal Func<int, string, RequestFault> Rule { get; set; } = static (_, _) => RequestFault.None;

    /// <summary>Answers a request, by its number and first line, in the service's place; null has the service asked.</summary>
    internal Func<int, string, byte[]?> Instead { get; set; } = static (_, _) => null;

    /// <summary>How many requests came since the last <see cref="Restart"/>.</summary>
    internal int Requests => Volatile.Read(ref _requests);

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Counts from 0 again.</summary>
    internal void Restart(Func<int, string, RequestFault> rule)
    {
        Volatile.Write(ref _requests, 0);
        Rule = rule;
    }

    public void Dispose() => _listener.Dispose();

    private void Accept()
    {
        while (true)
        {
            TcpClient client;
            try { client = _listener.AcceptTcpClient(); }
            catch (Exception e) when (e is SocketException or InvalidOperationException) { return; } // disposed
            new Thread(() => Serve(client)) { IsBackground = true, Name = "proxied" }.Start();
        }
    }

    private void Serve(TcpClient client)
    {
        try
        {
            using (client)
            {
                NetworkStream near = client.GetStream();
                if (Read(near) is not { } request) { return; }
                string line = Encoding.ASCII.GetString(request, 0, Array.IndexOf(request, (byte)'\r'));
                int number = Interlocked.Increment(ref _requests) - 1;
                if (Instead(number, line) is { } instead)
                {
                    near.Write(instead);
                    return;
                }

                RequestFault fault = Rule(number, line);
                if (fault == RequestFault.Dropped) { return; }
                if (Refusal(fault) is { } refusal)
                {
                    near.Write(refusal);
                    return;
                }

                byte[] answer = Forward(request);
                if (fault == RequestFault.Repeated) { answer = Forward(request); }
                if (fault == RequestFault.Unanswered) { return; }
                near.Write(fault == RequestFault.Cut ? answer.AsSpan(0, answer.Length / 2) : answer);
            }
        }
        catch (IOException) { /* one of the two went away */ }
    }

    private byte[] Forward(byte[] request)
    {
        using var far = new TcpClient("127.0.0.1", _service);
        far.GetStream().Write(request);
        using var answer = new MemoryStream();
        far.GetStream().CopyTo(answer);
        return answer.ToArray();
    }

    /// <summary>A whole request, as the last of its connection; null if none comes.</summary>
    private static byte[]? Read(NetworkStream near)
    {
        var from = new BufferedStream(near); // not disposed: that would end the connection
        using var head = new MemoryStream();
        while (!head.GetBuffer().AsSpan(0, (int)head.Length).EndsWith("\r\n\r\n"u8))
        {
            int next = from.ReadByte();
            if (next < 0) { return null; }
            head.WriteByte((byte)next);
        }

        List<string> lines = [.. Encoding.ASCII.GetString(head.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)];
        if (lines.RemoveAll(static l => Is(l, "Expect")) > 0) { near.Write("HTTP/1.1 100 Continue\r\n\r\n"u8); }
        lines.RemoveAll(static l => Is(l, "Connection"));
        lines.Add("Connection: close");
        string? length = lines.Find(static l => Is(l, "Content-Length"));
        var body = new byte[length is null ? 0 : int.Parse(length[(length.IndexOf(':') + 1)..], CultureInfo.InvariantCulture)];
        from.ReadExactly(body);
        return [.. Encoding.ASCII.GetBytes(string.Join("\r\n", lines) + "\r\n\r\n"), .. body];
    }

    private static bool Is(string line, string name) => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase);

    private static byte[]? Refusal(RequestFault fault) => fault switch
    {
        RequestFault.InternalError => Answer("500 Internal Server Error", "InternalError", ""),
        RequestFault.SlowDown => Answer("503 Slow Down", "SlowDown", $"Retry-After: {Quiet}\r\n"),
        RequestFault.Forbidden => Answer("403 Forbidden", "AccessDenied", ""),
        RequestFault.Expired => Answer("400 Bad Request", "ExpiredToken", ""),
        RequestFault.Skewed => Answer("403 Forbidden", "RequestTimeTooSkewed", ""),
        _ => null,
    };

    /// <summary>An answer with an error.</summary>
    internal static byte[] Answer(string status, string code, string headers = "") =>
        Whole(status, $"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>made up by the test</Message></Error>", headers);

    /// <summary>An answer; the headers each end with a line break.</summary>
    internal static byte[] Whole(string status, string body, string headers = "") => Encoding.ASCII.GetBytes(
        $"HTTP/1.1 {status}\r\n{headers}Content-Type: application/xml\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
}
