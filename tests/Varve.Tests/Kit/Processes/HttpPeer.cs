using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Varve.Tests.Kit.Processes;

/// <summary>A server that writes down what it is asked, one after the other, and answers as it is told to.</summary>
internal sealed class HttpPeer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<(string Line, string Body)> _asked = new();

    internal HttpPeer()
    {
        _listener.Start();
        new Thread(Serve) { IsBackground = true, Name = "http peer" }.Start();
    }

    /// <summary>Where it is, without a path.</summary>
    internal string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The status of the answer to a request line; 0 is none at all.</summary>
    internal Func<string, int> Status { get; set; } = static _ => 200;

    /// <summary>What was asked: request lines without their version, and bodies.</summary>
    internal (string Line, string Body)[] Asked => [.. _asked];

    private void Serve()
    {
        while (true)
        {
            TcpClient client;
            try { client = _listener.AcceptTcpClient(); }
            catch (Exception e) when (e is SocketException or InvalidOperationException) { return; } // it is stopped
            try
            {
                using (client) { Answer(client.GetStream()); }
            }
            catch (IOException) { /* it has gone */ }
        }
    }

    private void Answer(NetworkStream stream)
    {
        var bytes = new List<byte>();
        int end;
        while ((end = Text(bytes).IndexOf("\r\n\r\n", StringComparison.Ordinal)) < 0)
        {
            int one = stream.ReadByte();
            if (one < 0) { return; }
            bytes.Add((byte)one);
        }

        string head = Text(bytes)[..end];
        int length = head.Split("\r\n").Where(static l => l.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase))
            .Select(static l => int.Parse(l[15..], System.Globalization.CultureInfo.InvariantCulture)).FirstOrDefault();
        var body = new byte[length];
        stream.ReadExactly(body);
        string line = head.Split("\r\n")[0].Replace(" HTTP/1.1", "", StringComparison.Ordinal);
        int status = Status(line);
        _asked.Enqueue((line, Encoding.UTF8.GetString(body))); // before whoever asked goes on
        if (status != 0) { stream.Write(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")); }
    }

    private static string Text(List<byte> bytes) => Encoding.Latin1.GetString([.. bytes]);

    public void Dispose() => _listener.Stop();
}
