using Varve.Model;
using Varve.Tree.Lists;

namespace Varve.Tree;

/// <summary>
/// Reads trees (docs/format.md, 8.1) leaf by leaf. Stateless, thread-safe.
///
/// Invariants: names ascend over the whole tree and every leaf below a node has the first name its node declares, so that no chunk can be
/// met twice and every walk ends; all leaves are equally deep, at most 8 levels. A tree that breaks one throws
/// <see cref="ErrorKind.Damaged"/>, after the leaves before the damage have been visited. Memory: one chunk for each level.
/// </summary>
internal static class TreeReader
{
    /// <summary>
    /// Visits the leaves in order. <paramref name="fetch"/> is asked for every chunk of the tree, nodes too, each before what is below it.
    /// </summary>
    public static void ForEachLeaf(ChunkId tree, FetchMeta fetch, LeafVisitor visit, bool rootTree = false)
    {
        var walk = new TreeWalk(fetch, visit, rootTree);
        walk.Visit(tree, 0, default);
        if (rootTree && walk.Count != 1) { throw VarveException.Damaged(Subject.Tree(tree), "a root tree holds one entry"); }
    }

    /// <summary>Adds all entries to <paramref name="into"/>, which is not cleared. Memory in proportion to the directory.</summary>
    public static void Read(ChunkId tree, FetchMeta fetch, EntryTable into, bool rootTree = false) =>
        ForEachLeaf(
            tree,
            fetch,
            (ChunkId _, ref TreeLeafReader leaf) =>
            {
                while (leaf.MoveNext()) { into.Add(leaf.Name, leaf.Stat, leaf.Details, leaf.Flags); }
            },
            rootTree);

    /// <summary>
    /// Looks one name up, fetching one chunk for each level, and adds its entry to <paramref name="into"/>; false if there is none. Of the
    /// rest of the tree only what is passed is checked.
    /// </summary>
    public static bool TryFind(ChunkId tree, ReadOnlySpan<byte> name, FetchMeta fetch, EntryTable into, bool rootTree = false) =>
        TryFind(tree, name, fetch, (ref TreeLeafReader leaf) => into.Add(leaf.Name, leaf.Stat, leaf.Details, leaf.Flags), rootTree);

    /// <summary>The same; <paramref name="found"/> is given the leaf as it stands at the entry.</summary>
    public static bool TryFind(ChunkId tree, ReadOnlySpan<byte> name, FetchMeta fetch, EntryVisitor found, bool rootTree = false)
    {
        for (int depth = 0; depth < MetaChunk.MaxLevels; depth++)
        {
            ReadOnlySpan<byte> chunk = fetch(tree).Span;
            Subject what = Subject.Tree(tree);
            if (MetaChunk.Kind(chunk, what) == MetaKind.TreeLeaf)
            {
                var leaf = new TreeLeafReader(chunk, what, rootTree);
                while (leaf.MoveNext())
                {
                    int c = leaf.Name.SequenceCompareTo(name);
                    if (c == 0) { found(ref leaf); }
                    if (c >= 0) { return c == 0; }
                }

                return false;
            }

            var node = new TreeNodeReader(chunk, what);
            bool below = false;
            while (node.MoveNext() && node.FirstName.SequenceCompareTo(name) <= 0) { (tree, below) = (node.Child, true); }
            if (!below) { return false; }
        }

        throw TooDeep(tree);
    }

    internal static VarveException TooDeep(ChunkId tree) => VarveException.Damaged(Subject.Tree(tree), "it has too many levels");
}
