using Varve.Model;
using Varve.Model.Bytes;

namespace Varve.Tree;

/// <summary>The node under construction of one level of a tree.</summary>
internal sealed class TreeLevel
{
    private byte[] _first = new byte[256];
    private int _firstLength;

    internal ByteWriter Body { get; } = new();

    /// <summary>Children in the node under construction.</summary>
    internal int Count { get; private set; }

    /// <summary>Children of this level in the whole tree.</summary>
    internal long Total { get; private set; }

    /// <summary>The last child.</summary>
    internal ChunkId Last { get; private set; }

    /// <summary>The first name below the node under construction.</summary>
    internal ReadOnlySpan<byte> First => _first.AsSpan(0, _firstLength);

    internal void Add(in ChunkId child, ReadOnlySpan<byte> firstName)
    {
        if (Count == 0)
        {
            if (_first.Length < firstName.Length) { _first = new byte[EntryName.MaxLength]; }
            firstName.CopyTo(_first);
            _firstLength = firstName.Length;
        }

        Body.Id32(child.Value);
        Body.Bytes(firstName);
        Last = child;
        Count++;
        Total++;
    }

    /// <summary>Begins the next node of the same tree.</summary>
    internal void NextNode()
    {
        Body.Clear();
        Count = 0;
    }

    /// <summary>Begins another tree.</summary>
    internal void Reset()
    {
        NextNode();
        (Total, Last) = (0, default);
    }
}
