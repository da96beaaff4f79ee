using Varve.Model;
using Varve.Tree;
using Varve.Tree.Details;
using Varve.Tree.Lists;

namespace Varve.Tests.Golden;

/// <summary>Walks all trees of a snapshot.</summary>
internal static class GoldenTrees
{
    /// <summary>Each tree with its entries, the owners that its leaves name, and whether it is the root tree; parents first.</summary>
    internal static void ForEach(ChunkId tree, FetchMeta fetch, Action<ChunkId, EntryTable, IOwnerNames, bool> visit, bool root = true)
    {
        var table = new EntryTable();
        var owners = new GoldenOwners();
        TreeReader.ForEachLeaf(
            tree,
            fetch,
            (ChunkId _, ref TreeLeafReader leaf) =>
            {
                while (leaf.MoveNext())
                {
                    table.Add(leaf.Name, leaf.Stat, leaf.Details, leaf.Flags);
                    owners.Note(leaf.Stat.Uid, leaf.UserName(leaf.Stat.Uid), leaf.Stat.Gid, leaf.GroupName(leaf.Stat.Gid));
                }
            },
            root);
        visit(tree, table, owners, root);
        for (int i = 0; i < table.Count; i++)
        {
            if (table.Stat(i).Kind == EntryKind.Directory) { ForEach(DetailsCodec.ChildTree(table.Details(i)), fetch, visit, root: false); }
        }
    }
}
