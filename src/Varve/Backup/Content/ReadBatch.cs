using Varve.Backup.Run;
using Varve.Walk;

namespace Varve.Backup.Content;

/// <summary>
/// Files to be read by one worker, in the order of the disk, from whichever directories they lie in. Holds a reference on the handle of
/// each directory, and a part of its node that is not done; whoever finishes the batch releases the handles, counts it off the nodes and
/// gives the batch back to its queue. One owner at a time.
/// </summary>
internal sealed class ReadBatch
{
    /// <summary>The directories, each with its open descriptor.</summary>
    internal List<(DirectoryNode Node, DirectoryHandle Handle)> Directories { get; } = [];

    /// <summary>Which of the directories, index in its listing, and in its known rows (-1: none).</summary>
    internal List<(int Directory, int Now, int Known)> Items { get; } = [];

    /// <summary>Files of the only directory that belong together, in place of <see cref="Items"/>; null for a usual batch.</summary>
    internal FileGroup? Group { get; set; }

    /// <summary>Whether it is found out first whether a file fits into the budget, as nobody else stores anything meanwhile.</summary>
    internal bool IsTried { get; set; }

    /// <summary>Another directory that files of the batch lie in; its number.</summary>
    internal int Add(DirectoryNode node, DirectoryHandle handle)
    {
        Interlocked.Increment(ref node.Pending);
        handle.AddRef();
        Directories.Add((node, handle));
        return Directories.Count - 1;
    }

    /// <summary>Lets go of the handles.</summary>
    internal void Release()
    {
        foreach ((_, DirectoryHandle handle) in Directories) { handle.Release(); }
    }

    /// <summary>Lets go of what the pool must not keep alive.</summary>
    internal void Forget()
    {
        Directories.Clear();
        Items.Clear();
        (Group, IsTried) = (null, false);
    }
}
