using System.Runtime.InteropServices;
using Varve.Model;

namespace Varve.Walk;

/// <summary>Collects the child directories a visitor wants to descend into. Valid during the visit it is passed to.</summary>
/// <typeparam name="TNode">What the visitor knows a directory by.</typeparam>
internal sealed class WalkChildren<TNode> where TNode : class
{
    private readonly List<WalkItem<TNode>> _items = [];
    private WalkDirectory? _directory;
    private EntryTable? _listing;

    internal WalkChildren() { }

    internal ReadOnlySpan<WalkItem<TNode>> Items => CollectionsMarshal.AsSpan(_items);

    /// <summary>
    /// Descends into entry <paramref name="index"/> of the listing, a directory, as <paramref name="node"/>. Children are taken up in the
    /// order they are added, unless another thread is free; none before the visit ends. The table must still be the visitor's.
    /// </summary>
    public void Add(int index, TNode node)
    {
        if (_listing is null) { throw new InvalidOperationException("The visit is over."); }
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_listing.Count, nameof(index));
        if (_listing.Stat(index).Kind != EntryKind.Directory)
        {
            throw new ArgumentException("The entry is not a directory.", nameof(index));
        }
        _items.Add(new WalkItem<TNode>(new WalkDirectory(_directory, _listing.Name(index).ToArray()), node));
    }

    internal void Begin(WalkDirectory directory, EntryTable listing)
    {
        _directory = directory;
        _listing = listing;
        _items.Clear();
    }

    internal void End()
    {
        _listing = null;
        _directory = null;
    }

    internal void Clear()
    {
        _items.Clear();
        if (_items.Capacity > DirectoryLister.LargestKept) { _items.Capacity = 0; }
    }
}
