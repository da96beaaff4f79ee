using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using Varve.Platform;

namespace Varve.App.Daemon.Notices;

/// <summary>
/// Posts to a URL. What is said of a failure has the host in it and nothing else of the URL, which may be a secret. Thread-safe; HTTP is
/// loaded by the first call, so that nobody pays for it who posts nothing.
/// </summary>
internal static class WebCall
{
    private static readonly Lazy<HttpClient> s_client = new(static () => new HttpClient(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(10), PooledConnectionLifetime = TimeSpan.FromMinutes(1), UseCookies = false,
        AllowAutoRedirect = false,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan, // each call has its own
    });

    /// <summary>Posts; null if it was taken, else what is wrong.</summary>
    internal static string? Post(string url, byte[] body, string type, TimeSpan limit, CancellationToken cancelled)
    {
        string host = new Uri(url).Host;
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        within.CancelAfter(limit);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("varve", null));
        try
        {
            using HttpResponseMessage answer = s_client.Value.Send(request, HttpCompletionOption.ResponseHeadersRead, within.Token);
            return answer.IsSuccessStatusCode ? null
                : answer.StatusCode is >= HttpStatusCode.Moved and < HttpStatusCode.BadRequest
                ? $"{host} sends elsewhere: {(int)answer.StatusCode}" : $"{host} answered {(int)answer.StatusCode}";
        }
        catch (HttpRequestException e) { return $"{host}: {Errno.Message(e)}"; }
        catch (OperationCanceledException) { return $"{host} does not answer"; }
    }
}
