using Varve.Walk;

namespace Varve.Backup;

/// <summary>
/// Files of one directory to be read by one worker, in inode order. Holds a reference on the directory's handle; whoever finishes the batch releases it and
/// counts it off the node.
/// </summary>
/// <param name="Node">The directory.</param>
/// <param name="Handle">Its open descriptor.</param>
/// <param name="Items">Index in the listing, and in the known rows (-1: none).</param>
internal sealed record ReadBatch(DirectoryNode Node, DirectoryHandle Handle, (int Now, int Known)[] Items);
