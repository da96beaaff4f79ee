using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Varve.App.Serve.Network;

/// <summary>What a server did since it began, for Prometheus. Thread-safe.</summary>
internal sealed class ServerMetrics
{
    private readonly ConcurrentDictionary<(string Client, int Status), long> _requests = new();
    private readonly ConcurrentDictionary<string, long> _received = new(StringComparer.Ordinal), _sent = new(StringComparer.Ordinal);

    /// <summary>Counts a request that is over. The client is empty where nobody knows who it was.</summary>
    internal void Count(string client, int status, long received, long sent)
    {
        _requests.AddOrUpdate((client, status), 1, static (_, n) => n + 1);
        _received.AddOrUpdate(client, received, (_, n) => n + received);
        _sent.AddOrUpdate(client, sent, (_, n) => n + sent);
    }

    /// <summary>In the format of text, version 0.0.4. Names of clients have no characters that would have to be escaped.</summary>
    internal string Text()
    {
        var text = new StringBuilder();
        text.Append("# HELP varve_server_requests_total Requests by client and status; without a client who was not known.\n");
        text.Append("# TYPE varve_server_requests_total counter\n");
        foreach (((string client, int status), long count) in _requests.OrderBy(static r => r.Key))
        {
            text.Append(CultureInfo.InvariantCulture, $"varve_server_requests_total{{client=\"{client}\",status=\"{status}\"}} {count}\n");
        }

        Bytes("varve_server_received_bytes_total", "Bytes of bodies that were received.", _received);
        Bytes("varve_server_sent_bytes_total", "Bytes of bodies that were sent.", _sent);
        return text.ToString();

        void Bytes(string name, string help, ConcurrentDictionary<string, long> values)
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} counter\n");
            foreach ((string client, long count) in values.OrderBy(static v => v.Key, StringComparer.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}{{client=\"{client}\"}} {count}\n");
            }
        }
    }
}
