using Varve.Platform;
using Varve.Platform.Files;
using Varve.Walk;

namespace Varve.Backup.Mapped;

/// <summary>
/// Opens directories that a walk has found, from the place that it began at, name by name: no symlink is followed, and what is another
/// directory by now is none. Some that were opened last stay open. Used by one thread.
/// </summary>
internal sealed class ActualHandles : IDisposable
{
    private readonly Dictionary<ActualDirectory, DirectoryHandle> _recent = [];
    private readonly Queue<ActualDirectory> _order = new();
    private readonly int _most = DescriptorShare.Of(usual: 64, least: 2);

    /// <summary>Null with an error number. The caller releases it.</summary>
    internal DirectoryHandle? Open(ActualDirectory actual, out int errno)
    {
        errno = 0;
        if (_recent.TryGetValue(actual, out DirectoryHandle? handle))
        {
            handle.AddRef();
            return handle;
        }

        if (actual.Parent is null) { handle = DirectoryHandle.Open(actual.Place.Root.RealPath, out errno); }
        else if (Open(actual.Parent, out errno) is { } above)
        {
            handle = DirectoryHandle.OpenChild(above, actual.Node.Name, null, out errno);
            above.Release();
        }

        if (handle is null) { return null; }
        if ((handle.Stat.Device, handle.Stat.Inode) != actual.Identity)
        {
            handle.Release();
            errno = Errno.ESTALE;
            return null;
        }

        if (_recent.Count == _most) { Drop(); }
        handle.AddRef();
        _recent.Add(actual, handle);
        _order.Enqueue(actual);
        return handle;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_order.Count > 0) { Drop(); }
    }

    private void Drop()
    {
        ActualDirectory oldest = _order.Dequeue();
        _recent[oldest].Release();
        _recent.Remove(oldest);
    }
}
