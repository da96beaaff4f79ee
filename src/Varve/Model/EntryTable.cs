namespace Varve.Model;

/// <summary>
/// The entries of one directory in a few flat arrays: names and details share one arena, so that a table that is reused
/// allocates nothing per entry. Filled by the walk (no details), by the catalog and by tree readers. Not thread-safe.
/// Spans and references it hands out are valid until the next Add, Sort or Clear.
/// </summary>
internal sealed class EntryTable
{
    private struct Slot
    {
        public int NameOffset, NameLength, DetailsOffset, DetailsLength;
        public long First, Last;
        public EntryFlags Flags;
    }

    private const int FirstCapacity = 4;

    private EntryStat[] _stats = new EntryStat[FirstCapacity];
    private Slot[] _slots = new Slot[FirstCapacity];
    private byte[] _arena = new byte[256];
    private int _used;

    /// <summary>Number of entries.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes held by the arrays: what decides whether a table is worth keeping in a pool.</summary>
    public long Footprint => _arena.Length + (long)_stats.Length * 160;

    /// <summary>The stat of entry <paramref name="i"/>, writable in place.</summary>
    public ref EntryStat Stat(int i) => ref _stats[i];

    /// <summary>The name of entry <paramref name="i"/>.</summary>
    public ReadOnlySpan<byte> Name(int i) => _arena.AsSpan(_slots[i].NameOffset, _slots[i].NameLength);

    /// <summary>The encoded details (docs/format.md, 8.1) of entry <paramref name="i"/>; empty if it has none.</summary>
    public ReadOnlySpan<byte> Details(int i) => _arena.AsSpan(_slots[i].DetailsOffset, _slots[i].DetailsLength);

    /// <summary>The flags of entry <paramref name="i"/>, writable in place.</summary>
    public ref EntryFlags Flags(int i) => ref _slots[i].Flags;

    /// <summary>Catalog rows: the first snapshot that has the revision.</summary>
    public long First(int i) => _slots[i].First;

    /// <summary>Catalog rows: the first snapshot that has it no more, or long.MaxValue while it is current.</summary>
    public long Last(int i) => _slots[i].Last;

    /// <summary>Appends an entry; copies what it is given.</summary>
    public int Add(ReadOnlySpan<byte> name, in EntryStat stat, ReadOnlySpan<byte> details = default, EntryFlags flags = 0, long first = 0,
        long last = long.MaxValue)
    {
        if (Count == _stats.Length)
        {
            Array.Resize(ref _stats, Count * 2);
            Array.Resize(ref _slots, Count * 2);
        }

        ref Slot slot = ref _slots[Count];
        slot = new Slot { First = first, Last = last, Flags = flags };
        slot.NameOffset = Append(name);
        slot.NameLength = name.Length;
        slot.DetailsOffset = Append(details);
        slot.DetailsLength = details.Length;
        _stats[Count] = stat;
        return Count++;
    }

    /// <summary>Replaces the details of entry <paramref name="i"/>.</summary>
    public void SetDetails(int i, ReadOnlySpan<byte> details)
    {
        _slots[i].DetailsOffset = Append(details);
        _slots[i].DetailsLength = details.Length;
    }

    /// <summary>Orders the entries by name, as unsigned bytes.</summary>
    public void Sort()
    {
        var order = new int[Count];
        for (int i = 0; i < order.Length; i++) { order[i] = i; }
        bool sorted = true;
        for (int i = 1; i < Count && sorted; i++) { sorted = Name(i - 1).SequenceCompareTo(Name(i)) < 0; }
        if (sorted) { return; }
        Array.Sort(order, (x, y) => Name(x).SequenceCompareTo(Name(y)));
        var stats = new EntryStat[_stats.Length];
        var slots = new Slot[_slots.Length];
        for (int i = 0; i < Count; i++)
        {
            stats[i] = _stats[order[i]];
            slots[i] = _slots[order[i]];
        }

        _stats = stats;
        _slots = slots;
    }

    /// <summary>The index of the entry of that name in a sorted table, or -1.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        int low = 0, high = Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            int c = Name(middle).SequenceCompareTo(name);
            if (c == 0) { return middle; }
            if (c < 0) { low = middle + 1; } else { high = middle - 1; }
        }

        return -1;
    }

    /// <summary>Removes all entries and keeps the arrays.</summary>
    public void Clear()
    {
        Count = 0;
        _used = 0;
    }

    private int Append(ReadOnlySpan<byte> bytes)
    {
        if (_arena.Length - _used < bytes.Length)
        {
            Array.Resize(ref _arena, checked((int)Math.Max(_used + (long)bytes.Length, Math.Min(2L * _arena.Length, Array.MaxLength))));
        }

        bytes.CopyTo(_arena.AsSpan(_used));
        int at = _used;
        _used += bytes.Length;
        return at;
    }
}
