using System.Runtime.InteropServices;

namespace Varve.Model.Paths;

/// <summary>
/// A set of paths, kept as the tree that they make up: of a million it takes their names, each once, and some 30 bytes for each. A number
/// stands for a path: that of what it lies in is always smaller, and 0 is the root of all. Looking up allocates nothing and is thread-safe,
/// unless somebody adds. Names are bytes.
/// </summary>
internal sealed class PathSet
{
    private readonly List<Node> _nodes = [new Node(-1, 0, 0)];
    private byte[] _names = new byte[1 << 12];
    private int _used;
    private int[] _slots = new int[1 << 10]; // numbers; 0 is free, as nothing contains the root

    private readonly record struct Node(int Parent, int Name, int Length);

    /// <summary>How many there are, the root and what leads to others included.</summary>
    internal int Count => _nodes.Count;

    /// <summary>What a path lies in; -1 of the root.</summary>
    internal int Parent(int path) => _nodes[path].Parent;

    /// <summary>
    /// Adds a path below another, and all that leads to it; gives its number. Empty parts and <c>.</c> stand for nothing.
    /// </summary>
    /// <exception cref="VarveException">Usage: <c>..</c> is in it, or the names take more than 2 GiB.</exception>
    internal int Add(int from, ReadOnlySpan<byte> path)
    {
        foreach (Range range in path.Split((byte)'/'))
        {
            ReadOnlySpan<byte> name = path[range];
            if (name.IsEmpty || name is [(byte)'.']) { continue; }
            if (name is [(byte)'.', (byte)'.'])
            {
                throw new VarveException(ErrorKind.Usage, Subject.Path(path), "has '..' in it, and what that is depends on links");
            }

            int found = Child(from, name, out int slot);
            from = found >= 0 ? found : Insert(from, name, slot);
        }

        return from;
    }

    /// <summary>The number of a path below another, without a slash at either end; -1 if it is not there.</summary>
    internal int Find(int from, ReadOnlySpan<byte> path)
    {
        while (from >= 0 && !path.IsEmpty)
        {
            int end = path.IndexOf((byte)'/');
            from = Child(from, end < 0 ? path : path[..end], out _);
            path = end < 0 ? default : path[(end + 1)..];
        }

        return from;
    }

    /// <summary>The path that a number stands for, below <paramref name="from"/>, which contains it: relative.</summary>
    internal byte[] PathOf(int path, int from = 0)
    {
        var names = new List<byte[]>();
        for (; path != from; path = _nodes[path].Parent) { names.Add(Name(_nodes[path]).ToArray()); }
        names.Reverse();
        return [.. names.SelectMany(static (n, i) => i == 0 ? n : [(byte)'/', .. n])];
    }

    private ReadOnlySpan<byte> Name(Node node) => _names.AsSpan(node.Name, node.Length);

    private int Child(int parent, ReadOnlySpan<byte> name, out int slot)
    {
        ReadOnlySpan<Node> nodes = CollectionsMarshal.AsSpan(_nodes);
        for (slot = Slot(parent, name); _slots[slot] is var number and > 0; slot = (slot + 1) & (_slots.Length - 1))
        {
            if (nodes[number].Parent == parent && Name(nodes[number]).SequenceEqual(name)) { return number; }
        }

        return -1;
    }

    // With a seed of the process: names come from whoever may write to a tree.
    private int Slot(int parent, ReadOnlySpan<byte> name)
    {
        var hash = default(HashCode);
        hash.Add(parent);
        hash.AddBytes(name);
        return hash.ToHashCode() & (_slots.Length - 1);
    }

    private int Insert(int parent, ReadOnlySpan<byte> name, int slot)
    {
        if (_names.Length - _used < name.Length)
        {
            if (_used > Array.MaxLength - name.Length)
            {
                throw new VarveException(ErrorKind.Usage, Subject.None, "there are more paths than fit in 2 GiB");
            }

            Array.Resize(ref _names, (int)Math.Min(Math.Max(2L * _names.Length, (long)_used + name.Length), Array.MaxLength));
        }

        name.CopyTo(_names.AsSpan(_used));
        _nodes.Add(new Node(parent, _used, name.Length));
        _used += name.Length;
        _slots[slot] = _nodes.Count - 1;
        if (_nodes.Count * 4L > _slots.Length * 3L) { Grow(); }
        return _nodes.Count - 1;
    }

    private void Grow()
    {
        _slots = new int[_slots.Length * 2];
        for (int i = 1; i < _nodes.Count; i++)
        {
            int slot = Slot(_nodes[i].Parent, Name(_nodes[i]));
            while (_slots[slot] > 0) { slot = (slot + 1) & (_slots.Length - 1); }
            _slots[slot] = i;
        }
    }
}
