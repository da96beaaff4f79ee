using Varve.Store;
using Varve.Tests.Contract;
using Varve.Tests.Kit.Stores;

namespace Varve.Tests.Store;

public sealed class MemoryStoreTests : StoreContract
{
    private readonly MemoryStore _store = new();

    protected override IStore Store => _store;

    protected override void Truncate(string key, int length) => _store.Overwrite(key, _store.Get(key, long.MaxValue).AsSpan(0, length));

    protected override void BreakListing() => _store.ListingIsBroken = true;
}
