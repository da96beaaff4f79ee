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

    // Written once by the worker that opens it, before its children exist.
    public ulong Device;
    public ulong Inode;

    // Guarded by OpenDirectories' lock.
    public int Waiting; // children not opened yet
    public DirectoryHandle? Handle;
    public WalkDirectory? Older;
    public WalkDirectory? Newer;

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
