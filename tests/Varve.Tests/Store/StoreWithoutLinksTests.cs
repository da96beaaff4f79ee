using Varve.Model;
using Varve.Platform;
using Varve.Store;
using Varve.Tests.Contract;
using Varve.Tests.Kit;
using Varve.Tests.Platform;

namespace Varve.Tests.Store;

/// <summary>
/// A local store on a file system that knows neither hard links nor renaming without replacing, as exFAT through FUSE and rclone: every
/// promise is kept.
/// </summary>
public sealed class StoreWithoutLinksTests : StoreContract, IDisposable
{
    [ThreadStatic] private static bool t_linkFailed;

    private readonly ScratchDirectory _scratch = new();
    private SystemCallWatch? _poor;
    private LocalStore? _store;

    protected override IStore Store
    {
        get
        {
            _poor ??= new SystemCallWatch(Poor);
            return _store ??= LocalStore.Create(Root);
        }
    }

    private string Root => Path.Combine(_scratch.Path, "r");

    public void Dispose()
    {
        _poor?.Dispose();
        _store?.Dispose();
        _scratch.Dispose();
    }

    protected override void Truncate(string key, int length)
    {
        File.SetUnixFileMode(Path.Combine(Root, key), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using FileStream file = File.OpenWrite(Path.Combine(Root, key));
        file.SetLength(length);
    }

    protected override void BreakListing() => File.CreateSymbolicLink(Path.Combine(Root, "packs"), "packs");

    // What may replace (the header, sessions) is renamed at once; the rest is tried without replacing, as a link, and renamed then.
    private int Poor(SystemCall call, int directory, ReadOnlySpan<byte> name)
    {
        if (call == SystemCall.Link)
        {
            t_linkFailed = true;
            return Environment.CurrentManagedThreadId % 2 == 0 ? Errno.EPERM : Errno.EIO;
        }

        if (call != SystemCall.Rename || t_linkFailed)
        {
            if (call == SystemCall.Rename) { t_linkFailed = false; }
            return 0;
        }

        string at = File.ResolveLinkTarget($"/proc/self/fd/{directory}", false)!.FullName;
        if (Path.GetFileName(at).StartsWith(".varve-probe", StringComparison.Ordinal)) { return 0; } // what creating a store tries
        return StoreKey.IsMutable(Path.GetRelativePath(Root, Path.Combine(at, System.Text.Encoding.ASCII.GetString(name)))) ? 0
            : Errno.EINVAL;
    }
}
