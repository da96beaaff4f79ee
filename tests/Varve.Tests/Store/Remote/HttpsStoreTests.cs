using Varve.Model;
using Varve.Store;
using Varve.Store.Lines;
using Varve.Tests.Contract;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Stores;

namespace Varve.Tests.Store.Remote;

/// <summary>A store that a server hands out by HTTPS keeps what every store promises, and nobody else's server is taken for it.</summary>
public sealed class HttpsStoreTests : StoreContract, IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly LocalStore _local;
    private readonly TestServer _server;
    private readonly IStore _store;

    public HttpsStoreTests()
    {
        _local = LocalStore.Create(Path.Combine(_d.Path, "repository"));
        _server = new TestServer(_local, checksNames: false);
        _store = _server.Open();
    }

    protected override IStore Store => _store;

    public void Dispose()
    {
        ((IDisposable)_store).Dispose();
        _server.Dispose();
        _local.Dispose();
        _d.Dispose();
    }

    protected override void Truncate(string key, int length)
    {
        File.SetUnixFileMode(Path.Combine(_local.Description, key), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using FileStream file = File.OpenWrite(Path.Combine(_local.Description, key));
        file.SetLength(length);
    }

    protected override void BreakListing() => File.CreateSymbolicLink(Path.Combine(_local.Description, "packs"), "packs");

    [Theory]
    [InlineData("wrong")]
    [InlineData(null)]
    public void Who_is_not_known_is_told_so_and_reads_nothing(string? token)
    {
        VarveException e = Throws(ErrorKind.Storage, () => _server.Open(token));
        Assert.Equal(Advice.CheckToken, e.Advice);
        Assert.Contains("the server does not know who asks", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_repository_that_is_somebody_elses_is_refused_like_one_that_does_not_exist()
    {
        VarveException other = Throws(ErrorKind.Storage, () => _server.Open(TestServer.Append, "other"));
        VarveException none = Throws(ErrorKind.Storage, () => _server.Open(TestServer.Append, "none"));
        Assert.Equal(other.Message.Replace("other", "none", StringComparison.Ordinal), none.Message);
        Assert.Equal(Advice.CheckToken, none.Advice);
    }

    [Fact]
    public void A_certificate_of_another_authority_is_not_trusted()
    {
        string elsewhere = Directory.CreateDirectory(Path.Combine(_d.Path, "elsewhere")).FullName;
        using var other = new TestAuthority(elsewhere);
        VarveException e = Throws(ErrorKind.Storage, () => _server.Open(authority: other.AuthorityFile));
        Assert.Equal(Advice.NameAuthority, e.Advice);
        Assert.Contains("its certificate is not trusted", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_for_another_host_is_not_trusted()
    {
        _server.Authority.Issue("server", "elsewhere.example.org");
        VarveException e = Throws(ErrorKind.Storage, () => _server.Open());
        Assert.Contains("its certificate is not for localhost", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_is_not_there_is_a_storage_failure_at_once()
    {
        _server.Stop();
        VarveException e = Throws(ErrorKind.Storage, () => _server.Open());
        Assert.Equal(Advice.CheckConnection, e.Advice);
    }

    [Theory]
    [InlineData("https://user:secret@host/name", "has a user or a secret in it")]
    [InlineData("https://secret@host/name", "has a user or a secret in it")]
    [InlineData("https://host/name@secret@", "has a user or a secret in it")]
    [InlineData("https://host/na?token=secret@x", "has a user or a secret in it")]
    [InlineData("https://host/name?secret", "names no repository")]
    [InlineData("https://host", "names no repository")]
    [InlineData("https://host/", "names no repository")]
    [InlineData("https://host/a/../b", "names no repository")]
    [InlineData("https://host/v1/x", "names no repository")]
    [InlineData("https://host/a b", "names no repository")]
    [InlineData("https://host:0/a", "a port that is no number from 1 to 65535")]
    [InlineData("https://::1/a", "an IPv6 address that is not in brackets")]
    [InlineData("https:///a", "has no host")]
    public void What_is_wrong_with_an_address_is_said(string text, string said)
    {
        VarveException e = Throws(ErrorKind.Usage, () => HttpsAddress.Parse(text));
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.Message.Replace("or a secret in it", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTPS://Host:443/name/", "https://host/name")]
    [InlineData("https://[2001:db8::1]:8443/a/b.c", "https://[2001:db8::1]:8443/a/b.c")]
    public void Spellings_of_an_address_are_one(string text, string address) =>
        Assert.Equal(address, HttpsAddress.Parse(text).ToString());
}
