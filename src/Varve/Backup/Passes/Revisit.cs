using Varve.Backup.Run;

namespace Varve.Backup.Passes;

/// <summary>What is visited again in a walk of a pass after the first. Thread-safe.</summary>
/// <param name="seen">All directories that were seen.</param>
/// <param name="tree">Which of them are visited again.</param>
internal sealed class Revisit(SeenDirectories seen, SeenTree tree)
{
    /// <summary>The number of the source's root: it is seen first.</summary>
    internal const int Root = 0;

    /// <summary>Whether a directory that was seen is visited again; if not, what was saved of it stands.</summary>
    internal bool Includes(int index) => tree.IsVisited(index);

    /// <summary>The child directories of one as they were seen before.</summary>
    internal SeenChildren ChildrenOf(DirectoryNode node) => new(seen, tree, node.Seen);
}
