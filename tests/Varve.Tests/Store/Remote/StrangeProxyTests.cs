using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Varve.Store.Lines;
using Varve.Store.Remote;
using Varve.Tests.Kit.Stores;

namespace Varve.Tests.Store.Remote;

/// <summary>What a proxy answers in the server's place is never taken for what the server says.</summary>
public sealed class StrangeProxyTests
{
    private const string Facts = "lateness-ms 0\nmode full\nprogram 1.2.3\n";
    private static readonly byte[] s_bytes = "object"u8.ToArray();
    private static readonly string s_key = "index/" + Convert.ToHexStringLower(SHA256.HashData(s_bytes));

    [Theory]
    [InlineData(200)]
    [InlineData(204)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(502)]
    public void A_page_in_the_place_of_an_answer_is_no_answer_and_the_request_is_sent_again(int status)
    {
        int[] strange = [2];
        using var proxy = new StrangeProxy(http =>
        {
            if (http.Request.Path.Value!.EndsWith("/v1/store", StringComparison.Ordinal)) { return StrangeProxy.Answer(http, 200, Facts); }
            if (Interlocked.Decrement(ref strange[0]) < 0)
            {
                return StrangeProxy.Answer(http, http.Request.Method switch { "PUT" => 201, "GET" => 200, _ => 404 }, "object");
            }

            http.Response.StatusCode = status;
            return http.Request.Method == "HEAD" || status == 204 ? Task.CompletedTask : http.Response.WriteAsync("We are back soon");
        });
        using RemoteStore store = proxy.Open();
        Assert.True(store.Put(s_key, s_bytes)); // 200 would say that it is there already, and nobody has it
        strange[0] = 2;
        Assert.False(store.TryGetLength("index/none", out _));
        strange[0] = 2;
        Assert.Equal(s_bytes, store.Get(s_key, 100));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(404)]
    [InlineData(500)]
    public void Something_else_at_the_address_is_said_to_be_that_at_once(int status)
    {
        int asked = 0;
        using var proxy = new StrangeProxy(http =>
        {
            asked++;
            http.Response.StatusCode = status;
            return http.Response.WriteAsync("<html>Welcome</html>");
        });
        VarveException e = Assert.Throws<VarveException>(() => proxy.Open());
        Assert.Equal(Advice.CheckAddress, e.Advice);
        Assert.Contains($"it answers {status}", e.Message, StringComparison.Ordinal);
        Assert.Equal(1, asked);
    }

    [Fact]
    public void Who_takes_connections_and_says_nothing_is_given_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var address = new HttpsAddress("localhost", ((IPEndPoint)silent.LocalEndpoint).Port, "it");
        var line = new TlsLine(address, new HttpsAccess(null, null, null), default, TimeSpan.FromSeconds(1));
        VarveException e = Assert.Throws<VarveException>(() => RemoteStore.Open(line, address.ToString(), null, false, TimeProvider.System));
        Assert.Equal(Advice.CheckConnection, e.Advice);
        Assert.Contains("did not answer within 1 seconds", e.Message, StringComparison.Ordinal);
    }
}
