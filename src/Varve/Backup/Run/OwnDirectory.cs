using Varve.Model;

namespace Varve.Backup.Run;

/// <summary>A directory that a run writes to itself, and so must leave out.</summary>
/// <param name="Device">The file system it lies on.</param>
/// <param name="Inode">Its inode number.</param>
/// <param name="Below">Its paths in the source, if that is read from somewhere else, where it has another device number; otherwise
/// none.</param>
/// <param name="What">A clause that says what it is.</param>
internal sealed record OwnDirectory(ulong Device, ulong Inode, IReadOnlyList<byte[]> Below, string What)
{
    /// <summary>
    /// Whether an entry with that stat is this directory; <paramref name="node"/> and <paramref name="name"/> say where it lies.
    /// </summary>
    internal bool Is(in EntryStat stat, DirectoryNode node, ReadOnlySpan<byte> name)
    {
        if (stat.Inode != Inode) { return false; }
        if (stat.Device == Device) { return true; }
        if (Below.Count == 0) { return false; }
        byte[] path = node.Path(name);
        return Below.Any(b => b.AsSpan().SequenceEqual(path));
    }
}
