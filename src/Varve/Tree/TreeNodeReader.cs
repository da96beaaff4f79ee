using Varve.Model;
using Varve.Model.Bytes;
using Varve.Tree.Lists;

namespace Varve.Tree;

/// <summary>
/// Walks the children of a tree node (docs/format.md, 8.1). Their first names must ascend, and the first be the node's own.
/// </summary>
internal ref struct TreeNodeReader
{
    private ByteReader _reader;
    private int _left;
    private bool _any;

    internal TreeNodeReader(ReadOnlySpan<byte> chunk, Subject what)
    {
        _reader = MetaChunk.Open(chunk, MetaKind.TreeNode, what);
        _left = _reader.Count(Bytes32.Size + 1);
        if (_left == 0) { throw _reader.Damaged("it is empty"); }
    }

    internal ChunkId Child { get; private set; }

    internal ReadOnlySpan<byte> FirstName { get; private set; }

    internal bool MoveNext()
    {
        if (_left == 0) { return false; }
        Child = new ChunkId(_reader.Id32());
        ReadOnlySpan<byte> name = _reader.Bytes();
        if (_any && FirstName.SequenceCompareTo(name) >= 0) { throw _reader.Damaged("its children do not ascend"); }
        FirstName = name;
        _any = true;
        if (--_left == 0) { _reader.End(); }
        return true;
    }
}
