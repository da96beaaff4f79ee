using System.Net;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;
using Varve.App.Serve;
using Varve.App.Settings.Configuration;
using Varve.Model;
using Varve.Store;
using Varve.Store.Remote;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Stores;

namespace Varve.Tests.Store.Remote;

/// <summary>Whoever is let in to add only takes nothing away, whatever a client of his own making sends.</summary>
public sealed class AppendOnlyTests : IDisposable
{
    private static readonly byte[] s_new = "new"u8.ToArray(), s_old = "old"u8.ToArray();
    private static readonly string s_name = Hash(s_new), s_other = Hash(s_old);

    private readonly ScratchDirectory _d = new();
    private readonly LocalStore _local;
    private readonly RemoteStore _store;
    private readonly RemoteCalls _hands;

    public AppendOnlyTests()
    {
        _local = LocalStore.Create(Path.Combine(_d.Path, "repository"));
        _local.Put("varve", s_old);
        foreach (string folder in (string[])["keys/", "index/", "snapshots/", "condemned/", "notes/", "fences/", "final/"])
        {
            _local.Put(folder + s_other, s_old);
        }

        _local.Put($"packs/{s_other[..2]}/{s_other}", s_old);
        _local.Put("sessions/" + new string('a', 32), s_old);
        var line = new ServedLine(_local, new ServeRights { Mode = ServeMode.Append });
        _store = RemoteStore.Open(line, "ssh://there/x", null, create: false, TimeProvider.System);
        _hands = new RemoteCalls(line, "ssh://there/x", TimeProvider.System);
    }

    public void Dispose()
    {
        _store.Dispose();
        _hands.Dispose();
        _d.Dispose();
    }

    [Fact]
    public void What_a_backup_makes_is_taken()
    {
        foreach (string key in (string[])[$"packs/{s_name[..2]}/{s_name}", "index/" + s_name, $"snapshots/{new string('1', 16)}/{s_name}"])
        {
            Assert.True(_store.Put(key, s_new));
            Assert.False(_store.Put(key, s_new));
        }
    }

    [Fact]
    public void A_session_is_replaced_and_removed_by_who_made_it_and_by_nobody_else()
    {
        string own = "sessions/" + _store.CreateName();
        _store.Replace(own, "1"u8);
        _store.Replace(own, "2"u8);
        Refused(() => Ask("PUT", $"{Protocol.Objects}{own}?replace", s_new));
        Refused(() => Ask("PUT", $"{Protocol.Objects}{own}?replace", s_new, owner: new string('0', 64)));
        Refused(() => Ask("DELETE", Protocol.Objects + own, null));
        Refused(() => _store.Delete([own]));
        Assert.Equal("2"u8.ToArray(), _local.Get(own, 10));
        Assert.True(_store.Delete(own));
    }

    [Theory]
    [InlineData("PUT", "objects/varve?replace")]
    [InlineData("PUT", "objects/sessions/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa?replace")]
    [InlineData("PUT", "objects/sessions/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")]
    [InlineData("PUT", "objects/keys/NEW")]
    [InlineData("PUT", "objects/condemned/NEW")]
    [InlineData("PUT", "objects/notes/NEW")]
    [InlineData("PUT", "objects/fences/NEW")]
    [InlineData("PUT", "objects/final/NEW")]
    [InlineData("PUT", "objects/index/OLD")]
    [InlineData("PUT", "objects/index/0000")]
    [InlineData("PUT", "objects/packs/00/NEW")]
    [InlineData("PUT", "objects/other/NEW")]
    [InlineData("PUT", "objects/index/NEW?replace")]
    [InlineData("PUT", "objects/tmp/x")]
    [InlineData("PUT", "objects/../x")]
    [InlineData("PUT", "objects/%2e%2e/x")]
    [InlineData("DELETE", "objects/varve")]
    [InlineData("DELETE", "objects/index/OLD")]
    [InlineData("DELETE", "objects/sessions/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("POST", "delete")]
    [InlineData("PATCH", "objects/varve")]
    [InlineData("GET", "objects/varve?offset=-1&length=4")]
    [InlineData("GET", "objects/varve?offset=0&length=99999999999999999999")]
    [InlineData("GET", "objects/tmp/x?max=5")]
    [InlineData("GET", "objects?prefix=../")]
    public void Whatever_else_is_sent_is_refused_and_changes_nothing(string method, string path)
    {
        Dictionary<string, string> before = Everything();
        path = "/v1/" + path.Replace("NEW", s_name, StringComparison.Ordinal).Replace("OLD", s_other, StringComparison.Ordinal);
        byte[]? body = method == "PUT" ? s_new : method == "POST" ? Encoding.ASCII.GetBytes("varve\nindex/" + s_other) : null;
        Refused(() => Ask(method, path, body));
        Assert.Equal(before, Everything());
        Assert.Empty(Directory.GetFiles(Path.Combine(_local.Description, "tmp")));
    }

    [Fact]
    public void A_put_that_names_an_object_which_is_there_leaves_it()
    {
        string key = "index/" + s_other;
        Assert.False(_store.Put(key, s_old));
        Assert.False(_store.Put("varve", s_new));
        Assert.Equal(s_old, _local.Get("varve", 10));
    }

    [Fact]
    public void A_refusal_says_at_the_client_what_and_why()
    {
        VarveException e = Assert.Throws<VarveException>(() => _store.Delete("index/" + s_other));
        Assert.Equal(ErrorKind.Storage, e.Kind);
        Assert.Equal(Advice.UseFullAccess, e.Advice);
        Assert.Equal($"index/{s_other} in ssh://there/x is not removed: whoever came this way in only adds", e.Message);
    }

    private void Ask(string method, string path, byte[]? body, string? owner = null)
    {
        using HttpResponseMessage response = _hands.Send(
            new HttpMethod(method), path, body is null ? null : new ByteArrayContent(body), owner);
        Assert.Fail($"it was answered with {(int)response.StatusCode}");
    }

    private static void Refused(Action action) => Assert.Equal(ErrorKind.Storage, Assert.Throws<VarveException>(action).Kind);

    private Dictionary<string, string> Everything() =>
        _local.List("").ToDictionary(static o => o.Key, o => Convert.ToHexString(_local.Get(o.Key, 100)!));

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
