using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text;
using Varve.Model;
using Varve.Store.Lines;

namespace Varve.Store.Remote;

/// <summary>
/// Requests over one line at a time, any number of them at once, as HTTP/2. A line that is lost is begun anew by the next request. What
/// does not answer is found by pings: 20 seconds without an answer to one end the line. Thread-safe.
/// </summary>
internal sealed class RemoteCalls : ILineErrors, IDisposable
{
    private static readonly TimeSpan s_ping = TimeSpan.FromSeconds(20), s_greeting = TimeSpan.FromSeconds(60);

    private readonly IStoreLine _line;
    private readonly TimeProvider _time;
    private readonly Retrying _retrying;
    private readonly HttpClient _client;
    private readonly CancellationTokenSource _stopped = new();
    private volatile IOpenLine? _open;
    private volatile bool _wasOpen, _wasAnswered;

    internal RemoteCalls(IStoreLine line, string store, TimeProvider time, Retrying retrying = default)
    {
        (_line, Store, _time, _retrying) = (line, store, time, retrying);
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancelled) => await Connect(cancelled).ConfigureAwait(false),
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            // Where TLS is spoken, nothing else has a limit until it is.
            ConnectTimeout = line.Server?.Patience ?? Timeout.InfiniteTimeSpan,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingDelay = s_ping,
            KeepAlivePingTimeout = s_ping,
        };
        if (line.Server is { } server) { handler.SslOptions = server.Tls; }
        _client = new HttpClient(handler)
        {
            BaseAddress = line.Server?.Origin ?? new Uri("http://store"), Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>The store, for messages.</summary>
    internal string Store { get; }

    /// <summary>The host, for messages.</summary>
    internal string Host => _line.Host;

    /// <summary>Begins an operation, which may take several requests.</summary>
    internal Attempts Begin() => new(this, _time, _stopped.Token, _retrying);

    /// <summary>
    /// Sends a request and returns the answer once its headers are there. Absence (404) is an answer; other refusals are thrown as they
    /// were told.
    /// </summary>
    /// <exception cref="VarveException">What the other side says.</exception>
    internal HttpResponseMessage Send(HttpMethod method, string path, HttpContent? content = null, string? owner = null)
    {
        using var request = new HttpRequestMessage(method, _line.Server?.Prefix + path)
        {
            Content = content, Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (owner is not null) { request.Headers.Add(Protocol.OwnerHeader, owner); }
        if (_line.Server?.Token is { } token) { request.Headers.Authorization = new AuthenticationHeaderValue(Protocol.TokenScheme, token); }
        HttpResponseMessage response = _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _stopped.Token)
            .GetAwaiter().GetResult();
        int status = (int)response.StatusCode;
        bool isOurs = _line.Server is null || (response.Headers.TryGetValues(Protocol.AnswerHeader, out IEnumerable<string>? said)
            && said.FirstOrDefault() == status.ToString(CultureInfo.InvariantCulture));
        _wasAnswered |= isOurs;
        if (isOurs && (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotFound)) { return response; }
        using (response)
        {
            // Whatever stands before the server says something else than it: a page, a login, that the server is gone for now. And the
            // server itself may have no room for one connection more.
            if (!isOurs || response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                throw new StrangeAnswerException($"it answers {status} ({(HttpStatusCode)status})", isBusy: status is 429 or > 500);
            }

            bool isInHeader = response.Headers.TryGetValues(Protocol.ErrorHeader, out said);
            throw Protocol.Decode(isInHeader ? Uri.UnescapeDataString(said!.First()) : Text(response), Store, Host);
        }
    }

    /// <summary>The whole body as text, if that is not too long.</summary>
    internal static string Text(HttpResponseMessage response)
    {
        using Stream body = response.Content.ReadAsStream();
        var text = new MemoryStream();
        var buffer = new byte[8192];
        for (int read; (read = body.Read(buffer)) > 0 && text.Length <= Protocol.TextMost;) { text.Write(buffer, 0, read); }
        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    /// <summary>Whether a failure is one of the line, so that the request may be sent again.</summary>
    internal static bool IsOfLine(Exception e) => e is HttpRequestException or IOException or OperationCanceledException;

    /// <inheritdoc/>
    public VarveException? Final(Exception e)
    {
        if (e.InnerException is VarveException told && !(told.IsRetryable && _wasOpen)) { return told; }
        if (_line.Server is not { } server) { return null; }
        if (!_wasAnswered)
        {
            if (e is StrangeAnswerException { IsBusy: false }) { return NotServed(e.Message); }
            if (e.InnerException is TimeoutException) { return TooLate(server.Patience, ""); }
        }

        if (e is not HttpRequestException { HttpRequestError: var kind }) { return null; }
        if (kind == HttpRequestError.SecureConnectionError && server.Distrust() is { } distrust)
        {
            return new VarveException(ErrorKind.Storage, Subject.Repository(Store), $"cannot be reached: {Host}: {distrust}",
                Advice.NameAuthority, e);
        }

        return kind == HttpRequestError.VersionNegotiationError || e.InnerException is AuthenticationException
            ? new VarveException(ErrorKind.Storage, Subject.Repository(Store),
            $"cannot be reached: what answers at {Host} is not Varve serving repositories", Advice.CheckAddress, e) : null;
    }

    /// <inheritdoc/>
    public VarveException Lost(Exception e)
    {
        if (e.InnerException is VarveException told) { return told; }
        if (e is StrangeAnswerException)
        {
            return new VarveException(ErrorKind.Storage, Subject.Repository(Store),
                $"does not answer any more: something else does at {Host}; {e.Message}", Advice.CheckConnection, e)
            { IsRetryable = true };
        }

        string remark = _open?.Remark is { Length: > 0 } said ? ": " + said : "";
        return new VarveException(ErrorKind.Storage, Subject.Repository(Store), $"does not answer any more: the connection to {Host} was lost"
            + remark, Advice.CheckConnection, e)
        { IsRetryable = true };
    }

    /// <summary>The error that something else answers than Varve.</summary>
    internal VarveException NotServed(string how) => new(ErrorKind.Storage, Subject.Repository(Store),
        $"cannot be reached: what answers at {Host} is not Varve serving repositories; {how}", Advice.CheckAddress);

    private VarveException TooLate(TimeSpan limit, string said) => new(ErrorKind.Storage, Subject.Repository(Store),
        $"cannot be reached: {Host} did not answer within {limit.TotalSeconds:0} seconds{said}", Advice.CheckConnection)
    { IsRetryable = true };

    private async ValueTask<Stream> Connect(CancellationToken cancelled)
    {
        IOpenLine line = _line.Open();
        try
        {
            using var limit = new CancellationTokenSource(s_greeting, _time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancelled, _stopped.Token);
            try { if (_line.Server is null) { Check(line, await Greeting(line.Bytes.Input, both.Token).ConfigureAwait(false)); } }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                throw TooLate(s_greeting, line.Remark.Length == 0 ? "" : ": " + line.Remark);
            }

            _open = line;
            _wasOpen = true;
            return new LineStream(line.Bytes, line.Dispose);
        }
        catch
        {
            line.Dispose();
            throw;
        }
    }

    private void Check(IOpenLine line, string begun)
    {
        if (begun.Length == 0 && line.Reason(Store) is { } reason) { throw reason; }
        if (!begun.EndsWith('\n') || Protocol.Greeted(begun[..^1]) is not { } there)
        {
            string shown = begun.Length == 0 ? "nothing" : $"'{new string([.. begun.Take(60)]).TrimEnd()}'";
            throw new VarveException(ErrorKind.Storage, Subject.Repository(Store),
                $"cannot be reached: what answers at {Host} is not Varve serving a repository; it says {shown}", Advice.CheckForcedCommand);
        }

        if (there.Lowest <= Protocol.Highest && there.Highest >= Protocol.Lowest) { return; }
        bool isOlderThere = there.Highest < Protocol.Lowest;
        string versions = there.Lowest == there.Highest ? $"version {there.Lowest}" : $"versions {there.Lowest} to {there.Highest}";
        throw new VarveException(ErrorKind.Unsupported, Subject.Repository(Store),
            $"cannot be reached: Varve {there.Program} at {Host} speaks {versions} of the protocol, and this one {Protocol.Highest}",
            isOlderThere ? Advice.UpdateThere : Advice.UpdateHere);
    }

    /// <summary>The first line; or what there is instead of one, when it ends or gets too long.</summary>
    private static async Task<string> Greeting(PipeReader input, CancellationToken cancelled)
    {
        while (true)
        {
            ReadResult result;
            try { result = await input.ReadAsync(cancelled).ConfigureAwait(false); }
            catch (IOException) { return ""; }
            SequencePosition? end = result.Buffer.PositionOf((byte)'\n');
            if (end is null && !result.IsCompleted && result.Buffer.Length < Protocol.GreetingMost)
            {
                input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                continue;
            }

            ReadOnlySequence<byte> line = end is { } at ? result.Buffer.Slice(0, result.Buffer.GetPosition(1, at))
                : result.Buffer.Slice(0, Math.Min(result.Buffer.Length, Protocol.GreetingMost));
            string text = Encoding.UTF8.GetString(line.ToArray());
            input.AdvanceTo(line.End);
            return text;
        }
    }

    /// <summary>Ends the line.</summary>
    public void Dispose()
    {
        _stopped.Cancel();
        _client.Dispose();
    }
}
