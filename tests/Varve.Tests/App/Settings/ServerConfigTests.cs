using System.Net;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Daemon;

namespace Varve.Tests.App.Settings;

/// <summary>What is said of a server in the configuration.</summary>
public sealed class ServerConfigTests
{
    private const string Hash = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private const string Begin = """
        repositories:
          - {name: disk, address: /srv/disk}
          - {name: 'my disk', address: /srv/other}
          - {name: cloud, address: s3://bucket/prefix}
        server:
          certificate: tls/own.pem
          key: /etc/own.key

        """;

    [Fact]
    public void A_server_and_its_clients_are_read()
    {
        ServerConfig server = Parse($$"""
              listen: '[::1]:8443'
              clients:
                - name: desk.1
                  token: {{Hash.ToUpperInvariant().Replace("SHA256", "sha256", StringComparison.Ordinal)}}
                  repositories: {disk: append}
                  quota: 2G
                  limit-upload: 1M
                - {name: eye, certificate: '{{Hash}}', repositories: {}, metrics: true}
            """);
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Loopback, 8443), server.Listen);
        Assert.Equal(("/etc/varve/tls/own.pem", "/etc/own.key"), (server.Certificate, server.Key));
        ServerClient desk = server.Clients[0], eye = server.Clients[1];
        Assert.Equal(("desk.1", Hash[7..], 2L << 30, 1L << 20, null),
            (desk.Name, desk.Token, desk.Quota, desk.LimitUpload, desk.LimitDownload));
        Assert.Equal(ServeMode.Append, desk.Repositories["disk"]);
        Assert.Equal((Hash[7..], true, 0), (eye.Certificate, eye.Metrics, eye.Repositories.Count));
    }

    [Theory]
    [InlineData("  clients: [{name: a, repositories: {}}]", "a client has a 'token' or a 'certificate', or both")]
    [InlineData("  clients: [{name: a, token: secret, repositories: {}}]", "wants sha256: and 64 hexadecimal digits")]
    [InlineData("  clients: [{name: 'a b', token: HASH, repositories: {}}]", "the name of a client has letters")]
    [InlineData("  clients: [{name: a, token: HASH}]", "a client has a 'repositories'")]
    [InlineData("  clients: [{name: a, token: HASH, repositories: {none: full}}]", "there is no key 'none' in 'repositories' of a client")]
    [InlineData("  clients: [{name: a, token: HASH, repositories: {disk: write}}]", "'read', 'append' or 'full'")]
    [InlineData("  clients: [{name: a, token: HASH, repositories: {my disk: read}}]", "'my disk' cannot be served")]
    [InlineData("  clients: [{name: a, token: HASH, repositories: {}}, {name: a, certificate: HASH, repositories: {}}]",
        "two clients named 'a'")]
    [InlineData("  clients: [{name: a, token: HASH, repositories: {}}, {name: b, token: HASH, repositories: {}}]", "by the same token")]
    [InlineData("  clients: [{name: a, token: HASH, repositories: {cloud: read}}]", "'cloud' cannot be served: it lies on another machine")]
    [InlineData("  listen: example.org:80", "wants an address of this machine and a port")]
    [InlineData("  listen: '::1'", "wants an address of this machine and a port")]
    [InlineData("  listen: 127.0.0.1", "wants an address of this machine and a port")]
    [InlineData("  port: 80", "there is no key 'port' in 'server'")]
    public void A_mistake_is_said_with_its_line(string text, string said)
    {
        VarveException e = Assert.Throws<VarveException>(() => Parse(text.Replace("HASH", Hash, StringComparison.Ordinal)));
        Assert.Equal(ErrorKind.Usage, e.Kind);
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
        Assert.Contains("8:", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(":8443", "[::]:8443")]
    [InlineData("0.0.0.0:0", "0.0.0.0:0")]
    [InlineData("[2001:db8::1]:1", "[2001:db8::1]:1")]
    public void Places_to_listen_at(string text, string place) =>
        Assert.Equal(IPEndPoint.Parse(place), Networks.Listening(text, "--listen"));

    private static ServerConfig Parse(string text) => ConfigParser.Parse("/etc/varve/config.yaml", Begin + text).Server!;
}
