using Varve.Model;
using Varve.Platform;
using Varve.Store;
using Varve.Tests.Contract;
using Varve.Tests.Kit;
using Varve.Tests.Platform;

namespace Varve.Tests.Store;

/// <summary>A local store where the kernel has no openat2: everything is as it is elsewhere.</summary>
public sealed class OldKernelStoreTests : StoreContract, IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private SystemCallWatch? _old;
    private LocalStore? _store;
    private int _refused;

    // Not in the constructor: a watch is for what is called below where it was made.
    protected override IStore Store
    {
        get
        {
            _old ??= new SystemCallWatch((call, _, _) => call != SystemCall.Resolve ? 0 : Interlocked.Increment(ref _refused) > 0
                ? Errno.ENOSYS : 0);
            return _store ??= LocalStore.Create(Path.Combine(_scratch.Path, "r"));
        }
    }

    private string Root => Path.Combine(_scratch.Path, "r");

    public void Dispose()
    {
        _old?.Dispose();
        _store?.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void Each_opening_asks_the_kernel_first()
    {
        Store.Put("index/a", "x"u8);
        Assert.NotEqual(0, _refused);
    }

    protected override void Truncate(string key, int length)
    {
        File.SetUnixFileMode(Path.Combine(Root, key), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using FileStream file = File.OpenWrite(Path.Combine(Root, key));
        file.SetLength(length);
    }

    protected override void BreakListing() => File.CreateSymbolicLink(Path.Combine(Root, "packs"), "packs");
}
