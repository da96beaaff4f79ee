using Varve.Model;
using Varve.Tree;
using Varve.Tree.Details;
using Varve.Tree.Lists;
using Varve.Vault.Chunks;

namespace Varve.Maintain.Mark;

/// <summary>
/// Marks what snapshots need: trees, lists, and the chunks that extents name. Each tree and list is read once, whatever number of
/// snapshots have it. What cannot be read is an error: what is below it is not known. Not thread-safe.
/// </summary>
internal sealed class TreeMarker(LiveChunks live, MetaReader meta, Action read, CancellationToken cancelled)
{
    private readonly MetaScope _scope = meta.OpenScope();
    private readonly Stack<ChunkId> _stack = new();

    /// <summary>Marks what a snapshot needs.</summary>
    /// <exception cref="VarveException">Damaged, of the snapshot: something that it needs is missing or cannot be read.</exception>
    internal void Mark(SnapshotInfo snapshot)
    {
        _stack.Clear();
        try
        {
            SnapshotPrivate names = snapshot.Snapshot.Private!;
            foreach (ChunkId list in (ReadOnlySpan<ChunkId>)[names.FailureList, names.PendingList, names.MarkList])
            {
                if (!list.IsNone) { Need(list); }
            }

            Push(snapshot.Snapshot.RootTree);
            for (bool isRoot = true; _stack.TryPop(out ChunkId id); isRoot = false)
            {
                cancelled.ThrowIfCancellationRequested();
                read();
                _scope.Reset();
                Visit(_scope.Fetch(id).Span, isRoot);
            }
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            throw new VarveException(ErrorKind.Damaged, Subject.Snapshot(snapshot.Name),
                $"needs something that is missing or cannot be read, so nothing is deleted: {e.Message}", Advice.CheckRepository, e);
        }
    }

    private void Visit(ReadOnlySpan<byte> chunk, bool isRoot)
    {
        switch (MetaChunk.Kind(chunk))
        {
            case MetaKind.TreeLeaf: VisitLeaf(chunk, isRoot); break;
            case MetaKind.TreeNode:
                var node = new TreeNodeReader(chunk, Subject.PartOnly("a tree"));
                while (node.MoveNext()) { Push(node.Child); }
                break;
            case MetaKind.ExtentLeaf or MetaKind.ExtentNode:
                byte[] list = chunk.ToArray();
                ExtentListReader.ReadOne(default, _ => list, (child, _) => Push(child), Need);
                break;
            default: throw VarveException.Damaged(Subject.PartOnly("a meta chunk"), "it is neither tree nor extent list");
        }
    }

    private void VisitLeaf(ReadOnlySpan<byte> chunk, bool isRoot)
    {
        var leaf = new TreeLeafReader(chunk, Subject.PartOnly("a tree"), isRoot);
        while (leaf.MoveNext())
        {
            if (leaf.Stat.Kind == EntryKind.Directory)
            {
                ChunkId tree = DetailsCodec.ChildTree(leaf.Details);
                if (tree.IsNone) { throw VarveException.Damaged(Subject.PartOnly("a directory"), "it names no tree"); }
                Push(tree);
            }
            else if (leaf.Stat.Kind == EntryKind.File)
            {
                ChunkId list = DetailsCodec.ExtentList(leaf.Details);
                if (!list.IsNone) { Push(list); }
                foreach (Extent extent in DetailsCodec.InlineExtents(leaf.Details)) { Need(extent); }
            }
        }
    }

    private void Push(ChunkId id)
    {
        bool isNew = live.Follow(id) ?? throw Missing(id);
        if (isNew) { _stack.Push(id); }
    }

    private void Need(Extent extent)
    {
        if (!extent.IsHole) { Need(extent.Chunk); }
    }

    private void Need(ChunkId id)
    {
        if (!live.Mark(id)) { throw Missing(id); }
    }

    private static VarveException Missing(ChunkId id) => VarveException.Damaged(Subject.Chunk(id), "no index run names it");
}
