using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Varve.Store.Remote;

namespace Varve.App.Serve.Network;

/// <summary>
/// Answers to all clients at once, by HTTPS: Kestrel with bounds for those who mean ill. Who is not known gets an answer that says so, and
/// his connection is ended. Thread-safe.
/// </summary>
internal sealed class NetworkServer
{
    private const int Connections = 1000, Streams = 100, StreamWindow = 1 << 20, Window = 4 << 20, HeaderBytes = 16 << 10;
    private const int PathMost = 300, Busy = 429;
    private const string MetricsPath = "/metrics", Version = "/v1/";
    private static readonly TimeSpan s_ending = TimeSpan.FromSeconds(30), s_headers = TimeSpan.FromSeconds(20),
        s_handshake = TimeSpan.FromSeconds(20), s_idle = TimeSpan.FromMinutes(2), s_grace = TimeSpan.FromMinutes(2);

    private readonly CertificateFiles _certificate;
    private readonly AccessLog _log;
    private readonly TimeProvider _time;
    private readonly ServerMetrics _metrics = new();
    private readonly Lock _serving = new();
    private volatile ServedClients _clients; // written under _serving

    internal NetworkServer(ServedClients clients, CertificateFiles certificate, AccessLog log, TimeProvider time) =>
        (_clients, _certificate, _log, _time) = (clients, certificate, log, time);

    /// <summary>
    /// Says who is served from now on, made of those before. Requests under way go on, but for those of clients who are not served any more
    /// as they were.
    /// </summary>
    internal void Serve(Func<ServedClients, ServedClients> next)
    {
        lock (_serving)
        {
            ServedClients before = _clients;
            _clients = next(before);
            before.EndUnless(_clients);
        }
    }

    /// <summary>
    /// Listens, at an address or at the socket that is handed over, and serves until <paramref name="stop"/> is done: then what was begun
    /// is ended, for 30 seconds. <paramref name="listening"/> hears where.
    /// </summary>
    /// <exception cref="VarveException">Storage: it cannot listen there.</exception>
    internal async Task Run(IPEndPoint? address, ulong? handedOver, Action<string> listening, Task stop)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options =>
        {
            Bound(options);
            if (handedOver is { } socket) { options.ListenHandle(socket, Encrypt); }
            else if (address!.Address.Equals(IPAddress.IPv6Any)) { options.ListenAnyIP(address.Port, Encrypt); }
            else { options.Listen(address, Encrypt); }
        });
        await using WebApplication app = builder.Build();
        app.Run(Answer);
        try { await app.StartAsync().ConfigureAwait(false); }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            throw new VarveException(ErrorKind.Storage, Subject.Request(address?.ToString() ?? "the socket"),
                $"cannot be listened at: {(e.InnerException ?? e).Message}", Advice.None, e);
        }

        foreach (string url in app.Urls) { listening(url); }
        await stop.ConfigureAwait(false);
        using var limit = new CancellationTokenSource(s_ending);
        await app.StopAsync(limit.Token).ConfigureAwait(false);
    }

    private static void Bound(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        KestrelServerLimits limits = options.Limits;
        limits.MaxConcurrentConnections = Connections;
        limits.MaxRequestHeadersTotalSize = HeaderBytes;
        limits.MaxRequestLineSize = HeaderBytes / 2;
        limits.RequestHeadersTimeout = s_headers;
        limits.KeepAliveTimeout = s_idle;
        limits.MaxRequestBodySize = null; // an object is as long as it says; the quota has its say
        // Lines are slow, and several objects share one; but one that does not move holds nothing for ever.
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1, gracePeriod: s_grace);
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 1, gracePeriod: s_grace);
        limits.Http2.MaxStreamsPerConnection = Streams;
        limits.Http2.InitialStreamWindowSize = StreamWindow;
        limits.Http2.InitialConnectionWindowSize = Window;
    }

    private void Encrypt(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1AndHttp2;
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = s_handshake,
            OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = _certificate.Current,
                // Who shows a certificate proves that he has its key; whether it is known, and not expired, is asked for each request,
                // where it can be answered. Who signed it is of no meaning.
                ClientCertificateRequired = true,
                // Nothing is fetched from where a stranger's certificate says.
                CertificateChainPolicy = new X509ChainPolicy
                {
                    DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck,
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                },
#pragma warning disable CA5359 // that rule is for those who ask a server
                RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359
            }),
        });
    }

    private async Task Answer(HttpContext http)
    {
        long begun = _time.GetTimestamp();
        Served? served = _clients.Who(http, out bool isExpired);
        var received = new MeteredStream(http.Request.Body, served?.Upload);
        var sent = new MeteredStream(http.Response.Body, served?.Download);
        (string path, string method) = (http.Request.Path.Value ?? "", http.Request.Method);
        (http.Request.Body, http.Response.Body) = (received, sent);
        http.Response.OnStarting(static state =>
        {
            var response = (HttpResponse)state;
            response.Headers[Protocol.AnswerHeader] = response.StatusCode.ToString(CultureInfo.InvariantCulture);
            return Task.CompletedTask;
        }, http.Response);
        using CancellationTokenRegistration end = served?.Gone.Register(http.Abort) ?? default;
        try { await Answer(http, served, isExpired).ConfigureAwait(false); }
        finally
        {
            string client = served?.Client.Name ?? "";
            int status = http.RequestAborted.IsCancellationRequested ? 499 : http.Response.StatusCode;
            _metrics.Count(client, status, received.Moved, sent.Moved);
            IPAddress? from = http.Connection.RemoteIpAddress;
            if (from is { IsIPv4MappedToIPv6: true }) { from = from.MapToIPv4(); }
            _log.Write(client, from?.ToString() ?? "", method,
                path.Length > PathMost ? path[..PathMost] + "…" : path, status, received.Moved, sent.Moved,
                _time.GetElapsedTime(begun));
        }
    }

    private async Task Answer(HttpContext http, Served? served, bool isExpired)
    {
        if (served is null)
        {
            http.Response.Headers.WWWAuthenticate = Protocol.TokenScheme;
            string why = isExpired ? "the certificate that was shown has expired" : "the server does not know who asks";
            await Refuse(http, 401, Advice.CheckToken, why).ConfigureAwait(false);
            http.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
            return;
        }

        if (http.Features.Get<IConnectionLifetimeFeature>() is { } line && !served.Has(http.Connection.Id, line.ConnectionClosed))
        {
            await Refuse(http, Busy, Advice.RunAgain, $"this client has {Served.MostConnections} connections already").ConfigureAwait(false);
            http.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
            return;
        }

        string path = http.Request.Path.Value ?? "";
        if (path == MetricsPath && served.Client.Metrics && http.Request.Method == "GET")
        {
            http.Response.ContentType = "text/plain; version=0.0.4";
            await http.Response.Body.WriteAsync(Encoding.ASCII.GetBytes(_metrics.Text()), http.RequestAborted).ConfigureAwait(false);
            return;
        }

        int version = path.IndexOf(Version, StringComparison.Ordinal);
        if (version < 1 || served.Endpoint(path[1..version]) is not { } endpoint)
        {
            await Refuse(http, 403, Advice.CheckToken, "there is no such repository, or this client may not use it").ConfigureAwait(false);
            return;
        }

        try { await served.Turns.WaitAsync(http.RequestAborted).ConfigureAwait(false); }
        catch (OperationCanceledException) { return; }
        try
        {
            http.Request.Path = path[version..];
            await endpoint.Answer(http).ConfigureAwait(false);
        }
        finally { served.Turns.Release(); }
    }

    private static async Task Refuse(HttpContext http, int status, Advice advice, string what)
    {
        http.Response.StatusCode = status;
        string said = Protocol.Encode(
            new VarveException(ErrorKind.Storage, Subject.Repository(""), "is refused: " + what, advice) { IsRetryable = status == Busy });
        if (http.Request.Method == "HEAD") { http.Response.Headers[Protocol.ErrorHeader] = Uri.EscapeDataString(said); }
        byte[] text = Encoding.UTF8.GetBytes(said);
        http.Response.ContentLength = text.Length;
        await http.Response.Body.WriteAsync(text, http.RequestAborted).ConfigureAwait(false);
    }
}
