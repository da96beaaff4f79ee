namespace Varve.Walk;

/// <summary>
/// A directory the walk knows: one that waits to be opened, or one with children that wait. The chain of parents gives its path and lets it
/// be opened again. Lives as long as anything below it waits.
/// </summary>
internal sealed class WalkDirectory(WalkDirectory? parent, byte[] name)
{
    // Fixed after construction.
    public readonly WalkDirectory? Parent = parent;
    public readonly byte[] Name = name;
    public readonly int Depth = parent is null ? 0 : parent.Depth + 1; // levels below the root

    // Written once by the worker that opens it, before its children exist.
    public ulong Device;
    public ulong Inode;
    public ulong Mount;

    // Guarded by OpenDirectories' lock.
    public int Waiting; // children not opened yet
    public DirectoryHandle? Handle;
    public WalkDirectory? Older;
    public WalkDirectory? Newer;

    /// <summary>
    /// The directory above that this one is, found again within itself; null for none. The same directory on another mount is none: what is
    /// mounted below itself comes to an end.
    /// </summary>
    public WalkDirectory? Again()
    {
        for (WalkDirectory? d = Parent; d is not null; d = d.Parent)
        {
            if (d.Inode == Inode && d.Device == Device && d.Mount == Mount) { return d; }
        }

        return null;
    }

    /// <summary>The path relative to the root, with <paramref name="name"/> behind it unless empty.</summary>
    public byte[] Path(ReadOnlySpan<byte> name)
    {
        int length = name.Length;
        for (WalkDirectory d = this; d.Parent is not null; d = d.Parent) { length += d.Name.Length + (length == 0 ? 0 : 1); }
        var path = new byte[length];
        int at = length - name.Length;
        name.CopyTo(path.AsSpan(at));
        for (WalkDirectory d = this; d.Parent is not null; d = d.Parent)
        {
            if (at < length) { path[--at] = (byte)'/'; }
            at -= d.Name.Length;
            d.Name.CopyTo(path, at);
        }

        return path;
    }
}
