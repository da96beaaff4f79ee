using Varve.Backup.Run;
using Varve.Walk;

namespace Varve.Backup.Content;

/// <summary>
/// Files of one directory to be read by one worker, in inode order. Holds a reference on the directory's handle; whoever finishes the batch
/// releases it, counts it off the node and gives the batch back to its queue. One owner at a time.
/// </summary>
internal sealed class ReadBatch
{
    /// <summary>The directory.</summary>
    internal DirectoryNode Node { get; private set; } = null!;

    /// <summary>Its open descriptor.</summary>
    internal DirectoryHandle Handle { get; private set; } = null!;

    /// <summary>Index in the listing, and in the known rows (-1: none).</summary>
    internal List<(int Now, int Known)> Items { get; } = [];

    /// <summary>Files that belong together, in place of <see cref="Items"/>; null for a usual batch.</summary>
    internal FileGroup? Group { get; set; }

    internal ReadBatch For(DirectoryNode node, DirectoryHandle handle)
    {
        (Node, Handle, Group) = (node, handle, null);
        Items.Clear();
        return this;
    }

    /// <summary>Lets go of what the pool must not keep alive.</summary>
    internal void Forget() => (Node, Handle, Group) = (null!, null!, null);
}
