using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Varve.App.Serve;
using Varve.App.Serve.Network;
using Varve.Store;
using Varve.Tests.App;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Stores;

namespace Varve.Tests.Store.Remote;

/// <summary>What a server does besides answering: quotas, certificates, logs, metrics, and its end.</summary>
public sealed class NetworkServerTests : IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly LocalStore _local;

    public NetworkServerTests() => _local = LocalStore.Create(Path.Combine(_d.Path, "repository"));

    public void Dispose()
    {
        _local.Dispose();
        _d.Dispose();
    }

    [Fact]
    public void A_client_that_has_filled_its_quota_puts_nothing_more_until_something_is_removed()
    {
        using var server = new TestServer(_local, quota: 250_000);
        IStore store = server.Open(TestServer.Append);
        byte[][] objects = [.. Enumerable.Range(0, 3).Select(static i => Some(100_000, i))];
        Assert.True(store.Put(Key(objects[0]), objects[0]));
        Assert.False(store.Put(Key(objects[0]), objects[0])); // is there, and counts once
        Assert.True(store.Put(Key(objects[1]), objects[1]));
        VarveException e = Assert.Throws<VarveException>(() => store.Put(Key(objects[2]), objects[2]));
        Assert.Contains("the repository would have more than the 250000 bytes that it may have", e.Message, StringComparison.Ordinal);
        Assert.Equal(Advice.FreeStore, e.Advice);
        Assert.Equal(2, _local.List("").Count());
        Assert.True(store.Put(Key("small"u8.ToArray()), "small"u8));
        ((IDisposable)store).Dispose();
    }

    [Fact]
    public void A_quota_sees_what_was_removed_once_it_looks_again()
    {
        var time = new FakeTime();
        var quota = new ServeQuota(100, new StoreUsage(time));
        _local.Put("index/a", new byte[80]);
        Assert.False(quota.Take(_local, 30));
        _local.Delete("index/a");
        time.Advance(seconds: 11);
        Assert.True(quota.Take(_local, 30));
        Assert.True(quota.Take(_local, 70));
        Assert.False(quota.Take(_local, 1));
        quota.Settle(70, isStored: false);
        Assert.True(quota.Take(_local, 70));
    }

    [Fact]
    public void What_others_put_through_the_same_server_counts_at_once()
    {
        using var server = new TestServer(_local, quota: 150_000);
        IStore one = server.Open(TestServer.Append), other = server.Open();
        byte[][] objects = [.. Enumerable.Range(0, 2).Select(static i => Some(100_000, i))];
        Assert.True(one.Put(Key("first"u8.ToArray()), "first"u8)); // it has looked
        Assert.True(other.Put(Key(objects[0]), objects[0]));
        Assert.Throws<VarveException>(() => one.Put(Key(objects[1]), objects[1]));
        Assert.False(one.Put(Key(objects[0]), objects[0])); // what is there takes no room
        ((IDisposable)one).Dispose();
        ((IDisposable)other).Dispose();
    }

    [Fact]
    public async Task Nothing_is_fetched_from_where_a_strangers_certificate_says()
    {
        using var server = new TestServer(_local);
        using var asked = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        asked.Start();
        Task<System.Net.Sockets.TcpClient> fetched = asked.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask();
        server.Authority.Issue("stranger", issuerAt: $"http://127.0.0.1:{((IPEndPoint)asked.LocalEndpoint).Port}/ca.crt");
        VarveException e = Assert.Throws<VarveException>(() => server.Open(token: null, certificate: "stranger"));
        Assert.Equal(Advice.CheckToken, e.Advice);
        Assert.False(fetched.IsCompleted);
        asked.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => fetched);
    }

    [Fact]
    public void A_certificate_behind_a_link_is_seen_to_be_renewed()
    {
        using var server = new TestServer(_local);
        File.Move(server.Authority.At("server.pem"), server.Authority.At("live.pem"));
        File.CreateSymbolicLink(server.Authority.At("server.pem"), "live.pem");
        ((IDisposable)server.Open()).Dispose();
        File.Delete(server.Authority.At("live.pem"));
        ((IDisposable)server.Open()).Dispose(); // that before
        Assert.Single(server.Warnings);
        ((IDisposable)server.Open()).Dispose();
        Assert.Single(server.Warnings);
        server.Authority.Issue("server", "renewed.example.org");
        Assert.Contains("not for localhost", Assert.Throws<VarveException>(() => server.Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_is_known_by_its_certificate_as_well()
    {
        string hash = "";
        using var server = new TestServer(_local, change: c => c with { Certificate = c.Name == TestServer.Append ? hash = Issue() : null });
        _local.Put("varve", "header"u8);
        File.Copy(Path.Combine(_d.Path, "machine.pem"), server.Authority.At("machine.pem"));
        File.Copy(Path.Combine(_d.Path, "machine.key"), server.Authority.At("machine.key"));
        IStore store = server.Open(token: null, certificate: "machine");
        Assert.Equal("header"u8.ToArray(), store.Get("varve", 10));
        Assert.Throws<VarveException>(() => store.Delete("varve"));
        ((IDisposable)store).Dispose();
        // A token that is wrong is not made good by it.
        Assert.Throws<VarveException>(() => server.Open(token: "wrong", certificate: "machine"));
    }

    [Fact]
    public void A_renewed_certificate_is_shown_and_one_that_is_broken_is_not()
    {
        using var server = new TestServer(_local);
        File.WriteAllText(server.Authority.At("server.pem"), "no certificate");
        ((IDisposable)server.Open()).Dispose();
        Assert.Contains("is no certificate of the key in", Assert.Single(server.Warnings).Message, StringComparison.Ordinal);
        server.Authority.Issue("server", "renewed.example.org");
        Assert.Contains("not for localhost", Assert.Throws<VarveException>(() => server.Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_asked_is_logged_and_counted_without_secrets()
    {
        using var server = new TestServer(_local);
        IStore store = server.Open(TestServer.Append);
        byte[] bytes = Some(5000, 1);
        store.Put(Key(bytes), bytes);
        ((IDisposable)store).Dispose();
        Assert.Throws<VarveException>(() => server.Open("varve_nobody"));
        using HttpClient client = Client(server);
        // A request is counted when its answer has gone.
        string metrics = "";
        Poll.Until(() =>
        {
            metrics = Ask(client, "/metrics", TestServer.Full).GetAwaiter().GetResult();
            return metrics.Contains("401", StringComparison.Ordinal);
        }, "it is counted");
        Assert.Contains($"varve_server_requests_total{{client=\"{TestServer.Append}\",status=\"201\"}} 1\n", metrics,
            StringComparison.Ordinal);
        Assert.Contains($"varve_server_received_bytes_total{{client=\"{TestServer.Append}\"}} 5000\n", metrics, StringComparison.Ordinal);
        Assert.Contains("varve_server_requests_total{client=\"\",status=\"401\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("varve_server", await Ask(client, "/metrics", TestServer.Read), StringComparison.Ordinal);
        server.Stop();
        JsonElement[] lines = [.. server.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static l => JsonDocument.Parse(l).RootElement)];
        JsonElement put = lines.Single(static l => l.GetProperty("method").GetString() == "PUT");
        Assert.Equal((201, 5000L, TestServer.Append), (put.GetProperty("status").GetInt32(), put.GetProperty("received").GetInt64(),
            put.GetProperty("client").GetString()));
        Assert.Equal("/it/v1/objects/" + Key(bytes), put.GetProperty("path").GetString());
        Assert.DoesNotContain("varve_nobody", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_whose_certificate_has_expired_is_told_so()
    {
        using var server = new TestServer(_local);
        server.Authority.Issue("late", isExpired: true);
        VarveException e = Assert.Throws<VarveException>(() => server.Open(token: null, certificate: "late"));
        Assert.Contains("the certificate that was shown has expired", e.Message, StringComparison.Ordinal);
        Assert.Equal(Advice.CheckToken, e.Advice);
    }

    [Fact]
    public async Task Requests_under_way_of_a_client_who_is_no_longer_served_end_and_those_of_others_go_on()
    {
        using var asked = new CountdownEvent(2);
        using var go = new ManualResetEventSlim();
        using var server = new TestServer(new HookStore(_local)
        {
            Before = operation =>
            {
                if (!operation.StartsWith("put", StringComparison.Ordinal)) { return; }
                asked.Signal();
                go.Wait();
            },
        });
        using HttpClient client = Client(server);
        Task<HttpStatusCode> revoked = Put(client, "one", TestServer.Append), other = Put(client, "other", TestServer.Full);
        Assert.True(asked.Wait(Within.Limit, TestContext.Current.CancellationToken));
        server.ServeOnly(static _ => true); // of whom the same is said goes on
        server.ServeOnly(static c => c.Name != TestServer.Append);
        await Assert.ThrowsAsync<HttpRequestException>(() => revoked);
        Assert.False(other.IsCompleted);
        go.Set();
        Assert.Equal(HttpStatusCode.Created, await other);
        Assert.Equal(Advice.CheckToken, Assert.Throws<VarveException>(() => server.Open(TestServer.Append)).Advice);
    }

    [Fact]
    public async Task A_client_has_a_hundred_connections_at_most_and_leaves_the_others_to_others()
    {
        using var server = new TestServer(_local);
        var clients = new List<HttpClient>();
        try
        {
            for (int i = 0; i < Served.MostConnections; i++)
            {
                clients.Add(Client(server));
                Assert.NotEqual(HttpStatusCode.TooManyRequests, await Status(clients[i], TestServer.Read));
            }

            using HttpClient more = Client(server);
            Assert.Equal(HttpStatusCode.TooManyRequests, await Status(more, TestServer.Read));
            Assert.NotEqual(HttpStatusCode.TooManyRequests, await Status(more, TestServer.Append));
            Assert.NotEqual(HttpStatusCode.TooManyRequests, await Status(clients[0], TestServer.Read));
            clients[1].Dispose();
            Poll.Until(() =>
            {
                using HttpClient another = Client(server);
                return Status(another, TestServer.Read).GetAwaiter().GetResult() != HttpStatusCode.TooManyRequests;
            }, "the room of a connection that was closed is free");
        }
        finally { clients.ForEach(static c => c.Dispose()); }
    }

    [Fact]
    public void While_one_lists_a_repository_for_its_quota_others_put_what_there_is_room_for()
    {
        var time = new FakeTime();
        var usage = new StoreUsage(time);
        var store = new HookStore(_local);
        Assert.True(usage.Take(store, 10, most: 100));
        usage.Settle(10, isStored: true);
        _local.Put("index/a", new byte[10]);
        time.Advance(seconds: 601);
        using var lists = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        store.Before = _ =>
        {
            lists.Set();
            go.Wait();
        };
        Task<bool> first = Task.Run(() => usage.Take(store, 20, most: 100), TestContext.Current.CancellationToken);
        Assert.True(lists.Wait(Within.Limit, TestContext.Current.CancellationToken));
        Within.Run(Within.Limit, () => Assert.True(usage.Take(store, 30, most: 100)));
        usage.Settle(30, isStored: true); // whether the listing has it, nobody knows
        go.Set();
        Assert.True(Within.Run(() => first.Result));
        usage.Settle(20, isStored: true);
        Assert.False(usage.Take(store, 41, most: 100));
        Assert.True(usage.Take(store, 40, most: 100));
    }

    [Fact]
    public async Task A_server_that_is_stopped_ends_what_was_begun()
    {
        using var server = new TestServer(_local);
        byte[] bytes = Some(100_000, 3);
        var half = new TaskCompletionSource();
        var rest = new TaskCompletionSource();
        using HttpClient client = Client(server);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/it/v1/objects/" + Key(bytes))
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new Halves(bytes, half, rest.Task),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestServer.Append);
        Task<HttpResponseMessage> put = client.SendAsync(request, TestContext.Current.CancellationToken);
        await half.Task;
        string tmp = Path.Combine(_local.Description, "tmp");
        Poll.Until(() => Directory.Exists(tmp) && Directory.GetFiles(tmp).Length == 1, "the first half has come");
        Task stop = Task.Run(server.Stop, TestContext.Current.CancellationToken);
        Poll.Until(() => !Answers(server), "it takes nobody in");
        Assert.False(stop.IsCompleted);
        rest.SetResult();
        using HttpResponseMessage response = await put;
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        await stop;
        Assert.Equal(bytes, _local.Get(Key(bytes), bytes.Length));
    }

    private static bool Answers(TestServer server)
    {
        try
        {
            ((IDisposable)server.Open()).Dispose();
            return true;
        }
        catch (VarveException) { return false; }
    }

    private string Issue()
    {
        using var authority = new TestAuthority(_d.Path);
        return authority.Issue("machine");
    }

    private static HttpClient Client(TestServer server) => new(new SocketsHttpHandler
    {
        SslOptions = server.Trust(), PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
    })
    { BaseAddress = new Uri($"https://localhost:{server.Port}") };

    private static async Task<string> Ask(HttpClient client, string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<HttpStatusCode> Put(HttpClient client, string what, string token)
    {
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(what);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/it/v1/objects/" + Key(bytes)) { Content = new ByteArrayContent(bytes) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static async Task<HttpStatusCode> Status(HttpClient client, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/it/v1/objects/varve");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static byte[] Some(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static string Key(byte[] bytes) => "index/" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>A body whose second half waits.</summary>
    private sealed class Halves(byte[] bytes, TaskCompletionSource half, Task rest) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
            await stream.FlushAsync();
            half.SetResult();
            await rest;
            await stream.WriteAsync(bytes.AsMemory(bytes.Length / 2));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }
}
