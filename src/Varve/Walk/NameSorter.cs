using System.Buffers.Binary;

namespace Varve.Walk;

/// <summary>
/// Orders names as unsigned bytes, shorter first, without allocating per call: most significant eight bytes first, as integers, then each
/// stretch of equals by the next eight. Names must not contain NUL. Not thread-safe.
/// </summary>
internal sealed class NameSorter
{
    private const int Few = 16;
    private ulong[] _keys = new ulong[64];
    private byte[] _names = [];
    private NameSlot[] _slots = [];
    private int[] _order = [];

    /// <summary>
    /// Reorders the first <paramref name="count"/> numbers of <paramref name="order"/>, which index <paramref name="slots"/>, by the names
    /// these point at.
    /// </summary>
    public void Sort(byte[] names, NameSlot[] slots, int[] order, int count)
    {
        if (_keys.Length < count) { _keys = new ulong[order.Length]; }
        (_names, _slots, _order) = (names, slots, order);
        SortRun(0, count, 0);
        (_names, _slots, _order) = ([], [], []);
        if (_keys.Length > DirectoryLister.LargestKept) { _keys = new ulong[64]; }
    }

    // Recursion goes eight bytes deeper each time: a directory entry's name bounds it to a few dozen levels.
    private void SortRun(int low, int high, int depth)
    {
        if (high - low <= Few)
        {
            InsertionSort(low, high, depth);
            return;
        }

        for (int i = low; i < high; i++) { _keys[i] = Key(_order[i], depth); }
        Array.Sort(_keys, _order, low, high - low);
        for (int start = low, end; start < high; start = end)
        {
            end = start + 1;
            while (end < high && _keys[end] == _keys[start]) { end++; }
            // A key that ends in NUL holds the end of the name: those that share it are the same name.
            if (end - start > 1 && (byte)_keys[start] != 0) { SortRun(start, end, depth + 8); }
        }
    }

    private void InsertionSort(int low, int high, int depth)
    {
        for (int i = low + 1; i < high; i++)
        {
            int moving = _order[i];
            ReadOnlySpan<byte> name = Rest(moving, depth);
            int j = i;
            for (; j > low && name.SequenceCompareTo(Rest(_order[j - 1], depth)) < 0; j--) { _order[j] = _order[j - 1]; }
            _order[j] = moving;
        }
    }

    private ulong Key(int slot, int depth)
    {
        ReadOnlySpan<byte> rest = Rest(slot, depth);
        if (rest.Length >= 8) { return BinaryPrimitives.ReadUInt64BigEndian(rest); }
        ulong key = 0;
        for (int i = 0; i < rest.Length; i++) { key |= (ulong)rest[i] << (56 - 8 * i); }
        return key;
    }

    private ReadOnlySpan<byte> Rest(int slot, int depth) => _slots[slot].Name(_names)[depth..];
}
