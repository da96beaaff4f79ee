using Varve.Platform;

namespace Varve.Walk;

/// <summary>
/// The directories a walk has open because children of theirs wait. When there are more than the budget allows, the oldest are closed:
/// depth-first, these are the last to be needed. One that is needed again is opened again from its nearest open ancestor, name by name,
/// each checked to be the directory it was. Thread-safe.
/// </summary>
internal sealed class OpenDirectories(DirectoryHandle root, HandleBudget budget)
{
    private readonly object _gate = new();

    // Guarded by _gate: the directories with a handle, in the order they got it.
    private WalkDirectory? _oldest;
    private WalkDirectory? _newest;

    /// <summary>
    /// Opens a directory whose turn it is. Null with an error number. The caller releases the handle. Called once per directory.
    /// </summary>
    public DirectoryHandle? Open(WalkDirectory directory, out int errno)
    {
        DirectoryHandle? handle;
        if (directory.Parent is null)
        {
            root.AddRef();
            handle = root;
            errno = 0;
        }
        else
        {
            DirectoryHandle? parent = Acquire(directory.Parent, out errno);
            handle = parent is null ? null : OpenChild(parent, directory.Name, out errno);
            parent?.Release();
            ChildLeft(directory.Parent);
        }

        if (handle is not null)
        {
            directory.Device = handle.Stat.Device;
            directory.Inode = handle.Stat.Inode;
            directory.Mount = handle.Mount;
        }

        return handle;
    }

    /// <summary>Keeps a directory open until as many children as <paramref name="waiting"/> have been opened.</summary>
    public void Keep(WalkDirectory directory, DirectoryHandle handle, int waiting)
    {
        lock (_gate) { directory.Waiting = waiting; }
        Hold(directory, handle);
    }

    /// <summary>Closes everything that is still held. Also what makes room when descriptors run out.</summary>
    public void CloseAll()
    {
        lock (_gate)
        {
            while (_oldest is not null) { Drop(_oldest); }
        }
    }

    private DirectoryHandle? Acquire(WalkDirectory directory, out int errno)
    {
        errno = 0;
        DirectoryHandle? held = TryAcquire(directory);
        if (held is not null) { return held; }

        var missing = new List<WalkDirectory>();
        for (WalkDirectory d = directory; held is null; d = d.Parent!)
        {
            missing.Add(d);
            held = TryAcquire(d.Parent!); // the root at last
        }

        // Those nearest to the directory are needed next, when the walk comes back up: they stay open, so that the way is not gone once per
        // level. Some of the others stay too, evenly spread, so that it is not gone from the root each time.
        int near = budget.Limit / 4;
        int step = missing.Count / Math.Max(1, near) + 1;
        for (int i = missing.Count - 1; i >= 0; i--)
        {
            WalkDirectory d = missing[i];
            DirectoryHandle? next = OpenChild(held, d.Name, out errno);
            held.Release();
            if (next is null) { return null; }
            held = next;
            if (next.Stat.Device != d.Device || next.Stat.Inode != d.Inode)
            {
                held.Release();
                errno = Errno.ESTALE;
                return null;
            }

            if (i < near || i % step == 0) { Hold(d, next); }
        }

        return held;
    }

    private DirectoryHandle? OpenChild(DirectoryHandle parent, ReadOnlySpan<byte> name, out int errno)
    {
        lock (_gate)
        {
            while (budget.Open >= budget.Limit && _oldest is not null) { Drop(_oldest); }
        }

        DirectoryHandle? handle = DirectoryHandle.OpenChild(parent, name, budget, out errno);
        if (handle is null && errno is Errno.EMFILE or Errno.ENFILE)
        {
            CloseAll();
            handle = DirectoryHandle.OpenChild(parent, name, budget, out errno);
        }

        return handle;
    }

    private DirectoryHandle? TryAcquire(WalkDirectory directory)
    {
        lock (_gate)
        {
            DirectoryHandle? handle = directory.Parent is null ? root : directory.Handle;
            handle?.AddRef();
            return handle;
        }
    }

    private void Hold(WalkDirectory directory, DirectoryHandle handle)
    {
        lock (_gate)
        {
            // The root is its owner's. Without children that wait nobody would drop it; with a handle another worker was faster.
            if (directory.Parent is null || directory.Waiting == 0 || directory.Handle is not null) { return; }
            handle.AddRef();
            directory.Handle = handle;
            directory.Older = _newest;
            if (_newest is not null) { _newest.Newer = directory; } else { _oldest = directory; }
            _newest = directory;
        }
    }

    private void ChildLeft(WalkDirectory directory)
    {
        lock (_gate)
        {
            if (--directory.Waiting == 0 && directory.Handle is not null) { Drop(directory); }
        }
    }

    private void Drop(WalkDirectory directory)
    {
        if (directory.Older is not null) { directory.Older.Newer = directory.Newer; } else { _oldest = directory.Newer; }
        if (directory.Newer is not null) { directory.Newer.Older = directory.Older; } else { _newest = directory.Older; }
        directory.Older = directory.Newer = null;
        directory.Handle!.Release();
        directory.Handle = null;
    }
}
