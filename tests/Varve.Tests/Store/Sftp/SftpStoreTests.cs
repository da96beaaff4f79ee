using System.Text;
using Varve.Model;
using Varve.Platform.Files;
using Varve.Store;
using Varve.Store.Sftp;
using Varve.Tests.Contract;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Stores;

namespace Varve.Tests.Store.Sftp;

/// <summary>A store behind OpenSSH's server of SFTP keeps what every store promises, and outlives its line.</summary>
public sealed class SftpStoreTests : StoreContract, IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly SftpLines _lines = new();
    private readonly SftpStore _store;

    public SftpStoreTests() => _store = Open(create: true);

    protected override IStore Store => _store;

    private string Root => Path.Combine(_d.Path, "repo sitory/ö");

    public void Dispose()
    {
        _store.Dispose();
        _d.Dispose();
    }

    protected override void Truncate(string key, int length)
    {
        File.SetUnixFileMode(Path.Combine(Root, key), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using FileStream file = File.OpenWrite(Path.Combine(Root, key));
        file.SetLength(length);
    }

    protected override void BreakListing() => File.CreateSymbolicLink(Path.Combine(Root, "packs"), "packs");

    [Fact]
    public void What_it_makes_is_what_a_local_store_makes()
    {
        var random = new Random(1);
        var large = new byte[3_000_001];
        random.NextBytes(large);
        Assert.True(_store.Put("packs/ab/large", large));
        _store.Replace("sessions/one", "1"u8);
        using var local = new LocalStore(Root);
        Assert.Equal(local.List("").OrderBy(static o => o.Key), _store.List("").OrderBy(static o => o.Key));
        Assert.Equal(large, local.Get("packs/ab/large", large.Length));
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(Path.Combine(Root, "packs/ab/large")));
        Assert.Equal((UnixFileMode)0x1C0, File.GetUnixFileMode(Path.Combine(Root, "packs")));
        Assert.Empty(Directory.GetFiles(Path.Combine(Root, "tmp")));
        Assert.True(local.Put("packs/cd/other", "other"u8));
        Assert.Equal("other"u8.ToArray(), _store.Get("packs/cd/other", 10));
        Assert.Equal("the"u8.ToArray(), Range("packs/cd/other", 1, 3));
        Assert.NotNull(_store.FreeBytes());
    }

    [Fact]
    public void A_server_that_is_killed_is_started_anew_and_nothing_is_lost()
    {
        for (int i = 0; i < 5; i++)
        {
            Assert.True(_store.Put($"index/{i}", new byte[100_000]));
            _lines.Cut();
        }

        Assert.Equal(5, _store.List("index/").Count());
        Range("index/1", 0, 10);
        _lines.Cut();
        Range("index/1", 0, 10);
        Assert.Equal(7, _lines.Opened);
    }

    [Fact]
    public void A_server_that_is_killed_in_the_middle_of_an_upload_leaves_nothing_that_counts()
    {
        using IStagedObject staged = _store.Stage();
        staged.Append(new byte[64 << 20]);
        var killer = new Thread(() =>
        {
            Poll.Until(() => Directory.GetFiles(Path.Combine(Root, "tmp")).Length > 0, "it is under way");
            _lines.Cut();
        });
        Directory.CreateDirectory(Path.Combine(Root, "tmp"));
        killer.Start();
        bool isNew = staged.Commit("packs/ab/large");
        killer.Join();
        Assert.Equal([new StoreObject("packs/ab/large", 64 << 20)], _store.List(""));
        Assert.True(isNew || _lines.Opened > 1);
    }

    [Fact]
    public void A_server_that_is_gone_for_good_is_a_storage_failure_after_a_bounded_number_of_tries()
    {
        _lines.IsCut = true;
        _lines.Cut();
        VarveException e = Throws(ErrorKind.Storage, () => _store.Get("varve", 100));
        Assert.True(e.IsRetryable);
        Assert.Equal(Advice.CheckConnection, e.Advice);
        Assert.InRange(_lines.Opened, 3, 12);
    }

    [Fact]
    public void What_is_missing_with_all_the_rest_is_not_absent()
    {
        _store.Put("index/a", "x"u8);
        Directory.Move(Root, Root + "-elsewhere");
        foreach (Func<object?> ask in (Func<object?>[])[() => _store.Get("index/a", 10), () => _store.TryGetLength("index/a", out _),
            () => _store.List("").Count(), () => _store.List("index/").Count(), () => _store.Delete("index/a")])
        {
            Throws(ErrorKind.Storage, ask);
        }
    }

    [Fact]
    public void A_place_that_is_none_is_told_and_nothing_is_made()
    {
        VarveException e = Throws(ErrorKind.NoRepository, () => Open("nowhere", create: false));
        Assert.Contains("sftp://there/x", e.Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_d.Path, "file"), "");
        Throws(ErrorKind.Storage, () => Open("file/below", create: true));
        Throws(ErrorKind.NoRepository, () => Open("file", create: false));
        Assert.False(Directory.Exists(Path.Combine(_d.Path, "nowhere")));
    }

    [Fact]
    public void What_is_no_server_of_SFTP_is_told_with_what_it_says()
    {
        VarveException e = Throws(ErrorKind.Storage, () => SftpStore.Open(new SftpLines("/bin/sh", "-c", "echo Welcome to the machine; cat"),
            "x"u8.ToArray(), "sftp://there/x", null, create: false, TimeProvider.System));
        Assert.Contains("is no SFTP server; it says 'Welcome to the machine", e.Message, StringComparison.Ordinal);
        Assert.Equal(Advice.OfferSftp, e.Advice);
    }

    [Fact]
    public void Symlinks_are_followed_nowhere_below_the_root()
    {
        File.WriteAllText(Path.Combine(_d.Path, "precious"), "precious");
        Directory.CreateDirectory(Path.Combine(Root, "index"));
        File.CreateSymbolicLink(Path.Combine(Root, "index/a"), Path.Combine(_d.Path, "precious"));
        Throws(ErrorKind.Damaged, () => _store.Get("index/a", 100));
        Throws(ErrorKind.Damaged, () => Range("index/a", 0, 1));
        Throws(ErrorKind.Damaged, () => _store.Put("index/a", "x"u8));
        Directory.CreateDirectory(Path.Combine(_d.Path, "home"));
        File.CreateSymbolicLink(Path.Combine(Root, "snapshots"), Path.Combine(_d.Path, "home"));
        Throws(ErrorKind.Storage, () => _store.Put("snapshots/a", "x"u8));
        Assert.Empty(Directory.GetFiles(Path.Combine(_d.Path, "home")));
        Assert.Equal("precious", File.ReadAllText(Path.Combine(_d.Path, "precious")));
    }

    [Fact]
    public void Only_leftovers_that_are_old_are_cleaned_up()
    {
        _store.Put("index/a", "x"u8);
        string At(char digit) => Path.Combine(Root, "tmp", new string(digit, 32));
        foreach (char digit in "abc") { File.WriteAllText(At(digit), "left"); }
        File.SetLastWriteTimeUtc(At('a'), DateTime.UtcNow.AddDays(-8));
        File.SetLastWriteTimeUtc(At('b'), DateTime.UtcNow.AddDays(-6));
        string other = Path.Combine(Root, "tmp/notes");
        File.WriteAllText(other, "somebody's");
        File.SetLastWriteTimeUtc(other, DateTime.UtcNow.AddDays(-80));
        Assert.Equal(1, _store.CleanUp());
        Assert.Equal([At('b'), At('c'), other], Directory.GetFiles(Path.Combine(Root, "tmp")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Many_threads_share_one_line()
    {
        Concurrently(8, i =>
        {
            for (int n = 0; n < 20; n++) { Assert.True(_store.Put($"packs/{i:x2}/{n}", Enumerable.Repeat((byte)i, 50_000).ToArray())); }
        });
        Concurrently(8, i =>
        {
            for (int n = 0; n < 200; n++) { Assert.Equal((byte)i, Range($"packs/{i:x2}/{n % 20}", n * 100, 100)[50]); }
        });
        Assert.Equal(160, _store.List("packs/").Count());
        Assert.Equal(160, _store.Delete([.. _store.List("packs/").Select(static o => o.Key), "packs/none/none"]));
        Assert.Equal(1, _lines.Opened);
    }

    private SftpStore Open(string? path = null, bool create = false) => SftpStore.Open(_lines,
        Encoding.UTF8.GetBytes(path is null ? Root : Path.Combine(_d.Path, path)), "sftp://there/x", Path.Combine(_d.Path, "spool"), create,
        TimeProvider.System);

    private byte[] Range(string key, long offset, int length)
    {
        var bytes = new byte[length];
        _store.GetRange(key, offset, bytes);
        return bytes;
    }
}
