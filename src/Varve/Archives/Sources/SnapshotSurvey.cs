using Varve.History.Entries;
using Varve.Model;
using Varve.Tree;
using Varve.Tree.Details;
using Varve.Vault.Chunks;
using Varve.Vault.Snapshots;

namespace Varve.Archives.Sources;

/// <summary>Lists what a snapshot has at a path, as <see cref="LiveSurvey"/> lists a live tree. Stateless.</summary>
internal static class SnapshotSurvey
{
    /// <summary>The tree; <paramref name="path"/> is where it lay, <paramref name="name"/> what it is called in the archive.</summary>
    /// <exception cref="VarveException">Damaged, or more than the budget. Usage: it is neither a directory nor a file.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal static ArchiveTree Run(MetaReader trees, FoundEntry entry, byte[] path, byte[] name, EntryBudget budget,
        CancellationToken cancelled)
    {
        if (entry.Stat.Kind is not (EntryKind.Directory or EntryKind.File))
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request(PathText.Of(path)), "is neither a directory nor a regular file");
        }

        var root = new ArchiveRoot
        {
            Path = path, Name = name, Stat = entry.Stat, Details = entry.Details.ToArray(), Owners = (entry.User, entry.Group),
        };
        if (entry.Stat.Kind == EntryKind.Directory)
        {
            root.Node = new ArchiveNode(null, name);
            List(trees, root.Node, DetailsCodec.Decode(entry.Details).ChildTree, budget, cancelled);
        }

        return new ArchiveTree([root]);
    }

    private static void List(MetaReader trees, ArchiveNode top, ChunkId tree, EntryBudget budget, CancellationToken cancelled)
    {
        var waiting = new Stack<(ArchiveNode Node, ChunkId Tree)>();
        waiting.Push((top, tree));
        while (waiting.TryPop(out (ArchiveNode Node, ChunkId Tree) next))
        {
            cancelled.ThrowIfCancellationRequested();
            var table = new EntryTable();
            var owners = new List<(byte[], byte[])>();
            TreeReader.ForEachLeaf(next.Tree, trees.Read, (ChunkId _, ref TreeLeafReader leaf) =>
            {
                while (leaf.MoveNext())
                {
                    EntryStat stat = leaf.Stat;
                    if (!budget.Take(stat.Kind == EntryKind.File ? stat.Size : 0)) { throw budget.Beyond(); }
                    table.Add(leaf.Name, in stat, leaf.Details, leaf.Flags);
                    owners.Add((leaf.UserName(stat.Uid).ToArray(), leaf.GroupName(stat.Gid).ToArray()));
                }
            });
            (next.Node.Listing, next.Node.Owners) = (table, owners);
            for (int i = 0; i < table.Count; i++)
            {
                ReadOnlySpan<byte> name = table.Name(i);
                if (name is [] or [(byte)'.'] or [(byte)'.', (byte)'.'] || name.IndexOfAny((byte)'/', (byte)0) >= 0)
                {
                    throw VarveException.Damaged(Subject.PartOnly("a tree"), $"it holds the name \"{PathText.Of(name)}\", which no directory can hold");
                }

                if (table.Stat(i).Kind != EntryKind.Directory) { continue; }
                var child = new ArchiveNode(next.Node, name.ToArray());
                next.Node.Children.Add((i, child));
                waiting.Push((child, DetailsCodec.ChildTree(table.Details(i))));
            }
        }
    }
}
