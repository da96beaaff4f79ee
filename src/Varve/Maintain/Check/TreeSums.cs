using System.Runtime.InteropServices;
using Varve.Model;
using Varve.Model.Bounds;

namespace Varve.Maintain.Check;

/// <summary>
/// The trees that a check has read, what each holds itself, and what hangs below it: so that what a snapshot holds altogether is known
/// though each tree is read once, be it named 2^60 times. Costs some 80 bytes for each distinct directory. Sums saturate. One thread.
/// </summary>
internal sealed class TreeSums
{
    private const int NotYet = -1;

    private readonly Dictionary<ChunkId, int> _numbers = [];
    private readonly List<Node> _nodes = [];
    private readonly List<int> _children = []; // of one tree after the other, in the order in which they were begun
    private readonly Stack<(int Node, int NextChild)> _stack = new();
    private int _current = NotYet;

    private struct Node
    {
        internal long Entries, Bytes;
        internal int FirstChild, ChildCount;
        internal bool IsRead, IsSummed;
    }

    /// <summary>Makes room for so many, not by doubling, which leaves as much again for the collector.</summary>
    internal void EnsureCapacity(int trees)
    {
        _numbers.EnsureCapacity(trees);
        _nodes.EnsureCapacity(trees);
    }

    /// <summary>A tree is about to be read; false if it was read before.</summary>
    internal bool Begin(ChunkId tree)
    {
        int number = NumberOf(tree);
        ref Node node = ref At(number);
        if (node.IsRead) { return false; }
        (node.IsRead, node.FirstChild) = (true, _children.Count);
        _current = number;
        return true;
    }

    /// <summary>The tree that was begun last holds an entry with so much content, and for a directory what is in its tree.</summary>
    internal void Add(long bytes, ChunkId child)
    {
        if (!child.IsNone)
        {
            _children.Add(NumberOf(child));
            At(_current).ChildCount++;
        }

        ref Node node = ref At(_current);
        node.Entries++;
        node.Bytes = Saturating.Add(node.Bytes, bytes);
    }

    /// <summary>What a tree holds, with all below it that could be read. Each tree is summed up once.</summary>
    internal (long Entries, long Bytes) Of(ChunkId tree)
    {
        _stack.Push((NumberOf(tree), 0));
        while (_stack.TryPop(out (int Node, int NextChild) at))
        {
            ref Node node = ref At(at.Node);
            if (node.IsSummed) { continue; }
            if (at.NextChild < node.ChildCount)
            {
                int child = _children[node.FirstChild + at.NextChild];
                _stack.Push((at.Node, at.NextChild + 1));
                if (!At(child).IsSummed) { _stack.Push((child, 0)); }
                continue;
            }

            for (int i = 0; i < node.ChildCount; i++)
            {
                Node child = At(_children[node.FirstChild + i]);
                (node.Entries, node.Bytes) = (Saturating.Add(node.Entries, child.Entries), Saturating.Add(node.Bytes, child.Bytes));
            }

            node.IsSummed = true;
        }

        Node sum = At(NumberOf(tree));
        return (sum.Entries, sum.Bytes);
    }

    private int NumberOf(ChunkId tree)
    {
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, tree, out bool known);
        if (known) { return number; }
        number = _nodes.Count;
        _nodes.Add(default);
        return number;
    }

    private ref Node At(int number) => ref CollectionsMarshal.AsSpan(_nodes)[number];
}
