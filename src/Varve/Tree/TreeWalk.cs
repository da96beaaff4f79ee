using Varve.Model;
using Varve.Tree.Lists;

namespace Varve.Tree;

/// <summary>One walk over a tree: what is checked across its chunks.</summary>
internal sealed class TreeWalk(FetchMeta fetch, LeafVisitor visit, bool rootTree)
{
    private byte[] _last = new byte[256];
    private int _lastLength;
    private int _leafDepth = -1;

    /// <summary>Entries so far.</summary>
    internal long Count { get; private set; }

    /// <summary>Visits what is below a chunk; <paramref name="firstName"/> is what its node declares, empty for the top.</summary>
    internal void Visit(ChunkId id, int depth, ReadOnlySpan<byte> firstName)
    {
        if (depth == MetaChunk.MaxLevels) { throw TreeReader.TooDeep(id); }
        ReadOnlySpan<byte> chunk = fetch(id).Span;
        Subject what = Subject.Tree(id);
        if (MetaChunk.Kind(chunk, what) == MetaKind.TreeLeaf)
        {
            VisitLeaf(id, depth, firstName, chunk, what);
            return;
        }

        var node = new TreeNodeReader(chunk, what);
        bool first = depth > 0;
        while (node.MoveNext())
        {
            if (first && !node.FirstName.SequenceEqual(firstName)) { throw Misplaced(what); }
            if (node.FirstName.IsEmpty) { throw VarveException.Damaged(what, "a child has an empty first name"); }
            first = false;
            Visit(node.Child, depth + 1, node.FirstName);
        }
    }

    private void VisitLeaf(ChunkId id, int depth, ReadOnlySpan<byte> firstName, ReadOnlySpan<byte> chunk, Subject what)
    {
        if (_leafDepth >= 0 && _leafDepth != depth) { throw VarveException.Damaged(what, "its leaves are not equally deep"); }
        _leafDepth = depth;
        var leaf = new TreeLeafReader(chunk, what, rootTree);
        if (depth > 0)
        {
            TreeLeafReader peek = leaf;
            if (!peek.MoveNext() || !peek.Name.SequenceEqual(firstName)) { throw Misplaced(what); }
            if (Count > 0) { leaf.After(_last.AsSpan(0, _lastLength)); }
        }

        Count += leaf.Count;
        int count = leaf.Count;
        visit(id, ref leaf);
        while (leaf.MoveNext()) { }
        if (count == 0) { return; }
        if (_last.Length < leaf.Name.Length) { _last = new byte[leaf.Name.Length]; }
        leaf.Name.CopyTo(_last);
        _lastLength = leaf.Name.Length;
    }

    private static VarveException Misplaced(Subject what) =>
        VarveException.Damaged(what, "it does not begin with the name that the node above declares");
}
