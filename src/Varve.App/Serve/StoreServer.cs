using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Varve.Store.Lines;
using Varve.Store.Remote;

namespace Varve.App.Serve;

/// <summary>Serves a store over one line: Kestrel with that as its only connection, HTTP/2 from its first byte on.</summary>
internal static class StoreServer
{
    private const int StreamWindow = 2 << 20, Window = 16 << 20, Requests = 100;
    private static readonly TimeSpan s_ending = TimeSpan.FromSeconds(5);

    /// <summary>Serves until the other side ends the line.</summary>
    internal static async Task Run(PumpedLine line, StoreEndpoint endpoint, string program)
    {
        await line.Output.WriteAsync(Encoding.UTF8.GetBytes(Protocol.Greeting(program))).ConfigureAwait(false);
        var options = new KestrelServerOptions { AddServerHeader = false };
        KestrelServerLimits limits = options.Limits;
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null; // a line may be slow, or wait for a source that is
        limits.MinResponseDataRate = null;
        limits.KeepAliveTimeout = Timeout.InfiniteTimeSpan;
        limits.Http2.MaxStreamsPerConnection = Requests;
        limits.Http2.InitialStreamWindowSize = StreamWindow;
        limits.Http2.InitialConnectionWindowSize = Window;
        options.Listen(IPAddress.Loopback, 1, static l => l.Protocols = HttpProtocols.Http2); // nothing listens there: the line is all
        var only = new OneLine(line);
        using var server = new KestrelServer(Options.Create(options), only, NullLoggerFactory.Instance);
        await server.StartAsync(new Application(endpoint), CancellationToken.None).ConfigureAwait(false);
        await Task.WhenAny(only.Closed, Over(line)).ConfigureAwait(false);
        using var limit = new CancellationTokenSource(s_ending);
        await server.StopAsync(limit.Token).ConfigureAwait(false);
        line.Dispose();
    }

    // What was begun is ended first.
    private static async Task Over(PumpedLine line)
    {
        await line.Ended.ConfigureAwait(false);
        await Task.Delay(s_ending).ConfigureAwait(false);
    }

    private sealed class Application(StoreEndpoint endpoint) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => endpoint.Answer(context);

        public void DisposeContext(HttpContext context, Exception? exception) { }
    }
}
