namespace Varve.Model.Bounds;

/// <summary>
/// The first of many items, as far as they are few enough and small enough; all are counted. For what lists paths: one path takes a
/// megabyte in a tree that somebody made thousands of levels deep. Thread-safe.
/// </summary>
/// <param name="most">So many at most are kept.</param>
/// <param name="size">What an item takes, in bytes.</param>
internal sealed class BoundedList<T>(int most, Func<T, long> size)
{
    /// <summary>What all that is kept takes at most, in bytes; as much as the lists in snapshots (docs/format.md, 8.3).</summary>
    internal const long MostBytes = 8 << 20;

    // What a list, an object and its fields take besides.
    private const int Overhead = 100;

    // Guarded by itself.
    private readonly List<T> _items = [];
    private long _count, _bytes;

    /// <summary>Counts an item and keeps it if there is room. Once one found no room, none is kept any more.</summary>
    internal void Add(T item)
    {
        lock (_items)
        {
            if (++_count != _items.Count + 1 || _items.Count >= most) { return; }
            long bytes = size(item) + Overhead;
            if (bytes > MostBytes - _bytes) { return; }
            _bytes += bytes;
            _items.Add(item);
        }
    }

    /// <summary>What is kept, in the order of <paramref name="order"/>, and how many there were.</summary>
    internal (T[] First, long Count) Result(Comparison<T> order)
    {
        lock (_items)
        {
            T[] sorted = [.. _items];
            Array.Sort(sorted, order);
            return (sorted, _count);
        }
    }

    /// <summary>Takes out those of what is kept for which a predicate says so, as if they had never been added; returns how many.</summary>
    internal int TakeBack(Predicate<T> which)
    {
        lock (_items)
        {
            int taken = _items.RemoveAll(item =>
            {
                if (!which(item)) { return false; }
                _bytes -= size(item) + Overhead;
                return true;
            });
            _count -= taken;
            return taken;
        }
    }

    /// <summary>Gives out what is kept, and begins anew.</summary>
    internal T[] TakeAll()
    {
        lock (_items)
        {
            T[] all = [.. _items];
            _items.Clear();
            (_count, _bytes) = (0, 0);
            return all;
        }
    }

    /// <summary>How many there were.</summary>
    internal long Count
    {
        get { lock (_items) { return _count; } }
    }
}
