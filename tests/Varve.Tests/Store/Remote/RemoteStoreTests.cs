using Varve.App.Serve;
using Varve.Model;
using Varve.Store;
using Varve.Store.Remote;
using Varve.Tests.Contract;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Stores;

namespace Varve.Tests.Store.Remote;

/// <summary>A store that is served over a line keeps what every store promises, and outlives the line.</summary>
public sealed class RemoteStoreTests : StoreContract, IDisposable
{
    private readonly ScratchDirectory _d = new();
    private readonly LocalStore _local;
    private readonly ServedLine _line;
    private readonly RemoteStore _store;

    public RemoteStoreTests()
    {
        _local = LocalStore.Create(Path.Combine(_d.Path, "repository"));
        _line = new ServedLine(_local, new ServeRights { ChecksNames = false });
        _store = RemoteStore.Open(_line, "ssh://there/x", Path.Combine(_d.Path, "spool"), create: false, TimeProvider.System);
    }

    protected override IStore Store => _store;

    public void Dispose()
    {
        _store.Dispose();
        _d.Dispose();
    }

    protected override void Truncate(string key, int length)
    {
        File.SetUnixFileMode(Path.Combine(_local.Description, key), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using FileStream file = File.OpenWrite(Path.Combine(_local.Description, key));
        file.SetLength(length);
    }

    protected override void BreakListing() => File.CreateSymbolicLink(Path.Combine(_local.Description, "packs"), "packs");

    [Fact]
    public void A_line_that_is_cut_is_begun_anew_and_nothing_is_lost()
    {
        for (int i = 0; i < 5; i++)
        {
            Assert.True(_store.Put($"index/{i}", new byte[100_000]));
            _line.Cut();
        }

        Assert.Equal(5, _store.List("index/").Count());
        Assert.Equal(6, _line.Opened);
    }

    [Fact]
    public void A_store_that_is_gone_for_good_is_a_storage_failure_after_a_bounded_number_of_tries()
    {
        _line.IsCut = true;
        _line.Cut();
        VarveException e = Throws(ErrorKind.Storage, () => _store.Get("varve", 100));
        Assert.True(e.IsRetryable);
        Assert.Equal(Advice.CheckConnection, e.Advice);
        Assert.InRange(_line.Opened, 3, 12);
    }

    [Fact]
    public void Errors_of_the_other_side_say_what_it_said_of_the_store_as_it_is_known_here()
    {
        _store.Put("index/a", "0123456789"u8);
        VarveException e = Throws(ErrorKind.Damaged, () => _store.Get("index/a", 9));
        Assert.Equal("index/a in ssh://there/x is damaged: it has 10 bytes, at most 9 are expected", e.Message);
    }

    [Fact]
    public void What_waits_for_its_name_lies_in_no_file_that_has_one()
    {
        _store.Put("varve", default);
        using IStagedObject staged = _store.Stage();
        staged.Append(new byte[1 << 20]);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_d.Path, "spool")));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_local.Description, "tmp")));
        Assert.True(staged.Commit("packs/ab/x"));
        Assert.Equal(1 << 20, _store.Get("packs/ab/x", 1 << 20)!.Length);
    }
}
