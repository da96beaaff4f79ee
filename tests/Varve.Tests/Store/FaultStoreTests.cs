using Varve.Model;
using Varve.Store;
using Varve.Tests.Contract;
using Varve.Tests.Kit.Stores;

namespace Varve.Tests.Store;

/// <summary>Unarmed it is a store like any other; armed it does what it says.</summary>
public sealed class FaultStoreTests : StoreContract
{
    private readonly MemoryStore _inner = new();
    private readonly FaultStore _store;

    public FaultStoreTests() => _store = new FaultStore(_inner);

    protected override IStore Store => _store;

    protected override void Truncate(string key, int length) => _inner.Overwrite(key, _inner.Get(key, long.MaxValue).AsSpan(0, length));

    protected override void BreakListing() => _inner.ListingIsBroken = true;

    [Fact]
    public void Failing_before_does_nothing_and_failing_after_does_it()
    {
        _store.Arm(Fault.FailBefore, 1, w => w.StartsWith("put", StringComparison.Ordinal));
        _store.Put("index/a", "a"u8);
        Throws(ErrorKind.Storage, () => _store.Put("index/b", "b"u8));
        Assert.Null(_inner.Get("index/b", 1));
        _store.Arm(Fault.FailAfter, 0);
        Throws(ErrorKind.Storage, () => _store.Put("index/b", "b"u8));
        Assert.NotNull(_inner.Get("index/b", 1));
        Assert.False(_store.Put("index/b", "b"u8));
    }

    [Fact]
    public void After_a_crash_nothing_works_until_the_restart_and_deletions_may_be_undone()
    {
        _store.Put("index/a", "a"u8);
        _store.Delete("index/a");
        _store.Arm(Fault.CrashAfter, 0);
        Throws(ErrorKind.Storage, () => _store.Put("index/b", "b"u8));
        Assert.True(_store.IsDown);
        Throws(ErrorKind.Storage, () => _store.Get("index/b", 1));
        _store.Restart();
        Assert.NotNull(_store.Get("index/b", 1));
        Assert.NotNull(_store.Get("index/a", 1));
    }

    [Fact]
    public void A_truncated_put_reports_success()
    {
        _store.Arm(Fault.TruncatePut, 0);
        Assert.True(_store.Put("index/a", "0123456789"u8));
        Assert.Equal("01234"u8.ToArray(), _store.Get("index/a", 10));
    }
}
