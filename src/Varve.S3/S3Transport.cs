using System.Net.Sockets;
using Amazon.Runtime;
using Varve.Store.Lines;

namespace Varve.S3;

/// <summary>
/// How requests travel: by connections that are watched (<see cref="WatchedStream"/>), through the proxy that the environment names.
/// Thread-safe; disposed when no request runs.
/// </summary>
internal sealed class S3Transport : HttpClientFactory, IDisposable
{
    private readonly LineLimits _limits;
    private readonly HttpClient _client;

    internal S3Transport(LineLimits limits)
    {
        _limits = limits;
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(30), ConnectCallback = ConnectAsync,
        })
        { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>The one that all requests go by.</summary>
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _client;

    /// <inheritdoc/>
    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    /// <inheritdoc/>
    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancelled)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancelled).ConfigureAwait(false);
            return new WatchedStream(new NetworkStream(socket, ownsSocket: true), _limits, TimeProvider.System);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
