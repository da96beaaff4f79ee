using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Varve.Store;
using Varve.Store.Remote;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Stores;

namespace Varve.Tests.Store.Remote;

/// <summary>
/// Whoever has the token of a machine that may add, or none at all, sends whatever he likes: nothing that is stored changes or disappears,
/// nobody else's bytes come out, and the server goes on.
/// </summary>
public sealed class StolenClientTests : IDisposable
{
    private static readonly byte[] s_secret = "bytes of somebody else"u8.ToArray(), s_old = "old"u8.ToArray();

    private readonly ScratchDirectory _d = new();
    private readonly LocalStore _mine, _other;
    private readonly TestServer _server;
    private readonly HttpClient _client;

    public StolenClientTests()
    {
        _mine = LocalStore.Create(Path.Combine(_d.Path, "mine"));
        _other = LocalStore.Create(Path.Combine(_d.Path, "other"));
        foreach (LocalStore store in (LocalStore[])[_mine, _other])
        {
            byte[] bytes = store == _mine ? s_old : s_secret;
            string name = Hash(bytes);
            store.Put("varve", bytes);
            store.Put("sessions/" + new string('a', 32), bytes);
            store.Put($"packs/{name[..2]}/{name}", bytes);
            foreach (string folder in (string[])["keys/", "index/", $"snapshots/{new string('1', 16)}/", "condemned/", "notes/"])
            {
                store.Put(folder + name, bytes);
            }
        }

        _server = new TestServer(_mine, other: _other);
        _client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = _server.Trust(),
            AllowAutoRedirect = false,
        })
        { BaseAddress = new Uri($"https://localhost:{_server.Port}"), Timeout = TimeSpan.FromMinutes(5) };
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _mine.Dispose();
        _other.Dispose();
        _d.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Requests_of_all_forms_change_nothing_and_bring_out_nothing_of_others(int version)
    {
        Dictionary<string, string> mine = Everything(_mine), other = Everything(_other);
        var random = new Random(version);
        T Any<T>(params T[] of) => of[random.Next(of.Length)];
        string own = Hash(s_old), foreign = Hash(s_secret);
        string Key() => Any("varve", "sessions/" + new string('a', 32), "sessions/" + new string('b', 32), $"packs/{own[..2]}/{own}",
            $"packs/{foreign[..2]}/{foreign}", "index/" + own, "index/" + foreign, $"snapshots/{new string('1', 16)}/{own}",
            "keys/" + foreign,
            "condemned/" + foreign, "notes/" + own, "fences/" + own, "final/" + own, "tmp/x", "../other/varve", "%2e%2e/other/varve", "",
            "packs/" + own, new string('x', 5000), "varve/../varve", "varve%00", "objects");
        var answers = new Dictionary<int, int>();
        for (int i = 0; i < 600; i++)
        {
            string path = (random.Next(3) > 0 ? "/it" : Any("/other", "", "/it/../other", "//it", "/IT", "/it%2f..%2fother",
                "/other/v1/../it", "/it/v1/objects/../../other"))
                + Any("/v1/objects/" + Key(), "/v1/objects/" + Key(), "/v1/objects", "/v1/store", "/v1/delete", "/v1/clean-up", "/v1/free",
                "/v2/store", "/v1/", "/metrics")
                + Any("", "", "", "?max=100", "?max=100", "?max=99999999999999999999", "?max=-1", "?offset=0&length=3",
                "?offset=9223372036854775807&length=9223372036854775807", "?replace", "?prefix=", "?prefix=../", "?prefix=packs/&unreadable",
                "?offset=-5&length=5", "?max=100&replace");
            using var request = new HttpRequestMessage(
                new HttpMethod(Any("GET", "GET", "PUT", "PUT", "POST", "DELETE", "HEAD", "PATCH", "OPTIONS", "TRACE", "BREW")), path)
            { Version = version == 1 ? HttpVersion.Version11 : HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            if (random.Next(8) > 0)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue(Any("Bearer", "Bearer", "Bearer", "bearer", "Basic"),
                    Any(TestServer.Append, TestServer.Append, TestServer.Append, TestServer.Append, TestServer.Read, "x",
                    new string('y', 3000), TestServer.HashOf(TestServer.Full)));
            }

            if (random.Next(2) == 0) { request.Headers.TryAddWithoutValidation(Protocol.OwnerHeader, Any("x", new string('0', 64), own, "")); }
            if (request.Method.Method is "PUT" or "POST" or "PATCH")
            {
                request.Content = new ByteArrayContent(Any("x"u8.ToArray(), s_secret, [], Encoding.ASCII.GetBytes("varve\nindex/" + own),
                    new byte[2 << 20]));
                if (random.Next(4) == 0) { request.Headers.TransferEncodingChunked = version == 1; }
            }

            try
            {
                using HttpResponseMessage response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
                byte[] answer = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
                Assert.False(answer.AsSpan().IndexOf(s_secret) >= 0, $"{request} brought out what is somebody else's");
                answers[(int)response.StatusCode] = answers.GetValueOrDefault((int)response.StatusCode) + 1;
                Assert.True((int)response.StatusCode is not 500, $"{request} is answered with {response.StatusCode}");
            }
            catch (HttpRequestException) { /* what is no request is not answered */ }
        }

        // All sorts of answers: it did not stop at the door.
        Assert.All((int[])[200, 401, 403, 409], s => Assert.True(answers.GetValueOrDefault(s) > 3, $"{s}: {string.Join(", ", answers)}"));
        Assert.Equal(other, Everything(_other));
        Dictionary<string, string> after = Everything(_mine);
        Assert.All(mine, o => Assert.Equal(o.Value, after[o.Key]));
        // What he may add, under its own name, and nothing else.
        Assert.All(after.Keys.Except(mine.Keys), k => Assert.True(
            k.StartsWith("packs/", StringComparison.Ordinal) || k.StartsWith("index/", StringComparison.Ordinal)
            || k.StartsWith("snapshots/", StringComparison.Ordinal), k));
        Assert.Empty(Directory.GetFiles(Path.Combine(_mine.Description, "tmp")));
        using var still = (IDisposable)_server.Open();
    }

    [Fact]
    public async Task Bytes_that_are_no_requests_end_their_connection_and_nothing_else()
    {
        var random = new Random(7);
        for (int i = 0; i < 40; i++)
        {
            using TcpClient raw = await Connect();
            byte[] noise = new byte[random.Next(1, 5000)];
            random.NextBytes(noise);
            try
            {
                Stream stream = raw.GetStream();
                if (i % 2 == 0)
                {
                    var tls = new SslStream(stream);
                    await tls.AuthenticateAsClientAsync(
                        _server.Trust(i % 4 == 0 ? SslApplicationProtocol.Http2 : SslApplicationProtocol.Http11),
                        TestContext.Current.CancellationToken);
                    stream = tls;
                    byte[] preface = i % 4 == 0 ? "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray() : [];
                    await tls.WriteAsync(preface, TestContext.Current.CancellationToken);
                }

                await stream.WriteAsync(noise, TestContext.Current.CancellationToken);
                while (await stream.ReadAsync(noise, TestContext.Current.CancellationToken) > 0) { }
            }
            catch (IOException) { /* it was ended */ }
        }

        IStore still = _server.Open();
        Assert.Equal(s_old, still.Get("varve", 100));
        ((IDisposable)still).Dispose();
    }

    [Fact]
    public async Task Who_says_nothing_and_never_ends_keeps_nobody_out()
    {
        var silent = new List<IDisposable>();
        for (int i = 0; i < 100; i++) { silent.Add(await Connect()); }
        // All turns of one client are taken by objects that do not come.
        var endless = new List<Task>();
        using var stop = new CancellationTokenSource();
        for (int i = 0; i < 40; i++)
        {
            string name = Hash(Encoding.ASCII.GetBytes($"never {i}"));
            var request = new HttpRequestMessage(HttpMethod.Put, $"/it/v1/objects/index/{name}")
            {
                Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new NeverWhole(),
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestServer.Append);
            endless.Add(_client.SendAsync(request, stop.Token));
        }

        for (int i = 0; i < 3; i++)
        {
            using var others = (IDisposable)_server.Open();
            Assert.Equal(s_old, ((IStore)others).Get("varve", 100));
        }

        Assert.DoesNotContain(endless, static t => t.IsCompletedSuccessfully);
        await stop.CancelAsync();
        foreach (Task task in endless) { await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task); }
        foreach (IDisposable one in silent) { one.Dispose(); }
        Poll.Until(() => Directory.GetFiles(Path.Combine(_mine.Description, "tmp")).Length == 0, "what did not come whole is gone");
    }

    [Fact]
    public void Who_may_read_reads_and_puts_nothing()
    {
        IStore store = _server.Open(TestServer.Read);
        Assert.Equal(s_old, store.Get("varve", 100));
        byte[] bytes = "new"u8.ToArray();
        foreach (string key in (string[])["index/" + Hash(bytes), "keys/" + Hash(bytes), "sessions/" + ((INamesSessions)store).CreateName(),
            "varve"])
        {
            VarveException e = Assert.Throws<VarveException>(() => store.Put(key, bytes));
            Assert.Contains("only reads", e.Message, StringComparison.Ordinal);
        }

        Assert.Throws<VarveException>(() => store.Replace("varve", bytes));
        Assert.Throws<VarveException>(() => store.Delete("varve"));
        Assert.Throws<VarveException>(() => store.Delete(["index/" + Hash(s_old)]));
        Assert.Equal(8, Everything(_mine).Count);
        ((IDisposable)store).Dispose();
    }

    private async Task<TcpClient> Connect()
    {
        var raw = new TcpClient();
        await raw.ConnectAsync(IPAddress.Loopback, _server.Port, TestContext.Current.CancellationToken);
        return raw;
    }

    private static Dictionary<string, string> Everything(LocalStore store) =>
        store.List("").ToDictionary(static o => o.Key, o => Convert.ToHexString(store.Get(o.Key, 100)!));

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>A body that says to be a gigabyte, and of which a piece comes.</summary>
    private sealed class NeverWhole : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(new byte[1000], cancellationToken);
            await stream.FlushAsync(cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 1 << 30;
            return true;
        }
    }
}
