using Varve.Model;
using Varve.Platform;

namespace Varve.Walk;

/// <summary>
/// Lists a directory: all names by getdents64, then statx for each, then sorted by name. Buffers are kept between calls, nothing is
/// allocated per entry. Not thread-safe: one per thread.
/// </summary>
/// <remarks>
/// Invariant 4: a listing that failed or was cut short gives an error and no entries. A name the system gave twice is listed once. An entry
/// that vanished between name and stat was removed meanwhile, or renamed: then the directory is listed again, until names and stats are of
/// one state (<see cref="ListedNames"/>) or it was tried often enough. So an entry that was there all the time is in the listing, or the
/// sink is told.
/// </remarks>
internal sealed class DirectoryLister
{
    /// <summary>Buffers for more entries than this are not kept for the next directory.</summary>
    internal const int LargestKept = 1 << 14;

    // Beyond this, inodes are visited in their order on disk: reading them in name order would seek for each on a cold disk.
    private const int InodeOrderFrom = 1024;

    private const int Tries = 8, TriesOfLarge = 3;

    private readonly DirectoryReader _reader = new();
    private readonly NameSorter _sorter = new();
    private readonly ListedNames _state = new();
    private byte[] _names = [];
    private NameSlot[] _slots = [];
    private EntryStat[] _stats = [];
    private int[] _order = [];
    private int[] _leftOut = [];
    private ulong[] _inodes = [];
    private readonly List<(int Slot, int Errno)> _failed = [];
    private int _count, _leftOutCount;

    /// <summary>
    /// Fills the empty table <paramref name="into"/> with the entries that <paramref name="sink"/> includes, ascending by name, names
    /// distinct. Returns 0, or the error number of the listing with the table left empty. No other listing of the same handle may run
    /// meanwhile.
    /// </summary>
    public int List(DirectoryHandle directory, EntryTable into, IListingSink sink)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(into);
        ArgumentNullException.ThrowIfNull(sink);
        int errno = 0, kept = 0;
        FileTime changed = directory.Stat.Ctime;
        _state.Begin(directory.Stat.Device);
        for (int i = 1; i <= Tries; i++, _state.Again())
        {
            errno = ReadNames(directory.Fd);
            if (errno != 0) { break; }
            // What was renamed between two calls may be in neither; a directory that large is not listed over and over.
            if (_reader.Calls > 2 && i < TriesOfLarge && HasChanged(directory, ref changed)) { continue; }
            SortByInode();
            kept = ReadStats(directory.Fd, sink);
            if (_state.IsOneState(_stats, _order, kept) || i == Tries) { break; }
        }

        if (errno == 0)
        {
            foreach ((int slot, int failed) in _failed) { sink.StatFailed(_slots[slot].Name(_names), failed); }
            foreach (ulong inode in _state.Missed) { sink.Missed(inode); }
            if (_leftOutCount > 0) { TellLeftOut(sink); }
            _sorter.Sort(_names, _slots, _order, kept);
            Fill(into, kept);
        }

        Shrink();
        return errno;
    }

    private static bool HasChanged(DirectoryHandle directory, ref FileTime before)
    {
        if (Posix.Stat(directory.Fd, out EntryStat now) != 0) { return false; }
        bool changed = now.Ctime != before;
        before = now.Ctime;
        return changed;
    }

    private int ReadNames(int fd)
    {
        _count = 0;
        int used = 0;
        int errno = _reader.Begin(fd);
        while (errno == 0 && _reader.Next(out ReadOnlySpan<byte> name, out ulong inode, out EntryKind kind, out errno))
        {
            if (_count == _slots.Length) { Array.Resize(ref _slots, Math.Max(256, _count * 2)); }
            if (_names.Length - used < name.Length)
            {
                if (used > Array.MaxLength - name.Length) { return Errno.EOVERFLOW; }
                Array.Resize(ref _names, (int)Math.Min(Math.Max(8192L, 2L * _names.Length + name.Length), Array.MaxLength));
            }

            name.CopyTo(_names.AsSpan(used));
            _slots[_count++] = new NameSlot { Offset = used, Length = name.Length, Kind = kind, Inode = inode };
            used += name.Length;
        }

        return errno;
    }

    private void SortByInode()
    {
        if (_order.Length < _count)
        {
            _order = new int[_slots.Length];
            _stats = new EntryStat[_slots.Length];
        }

        for (int i = 0; i < _count; i++) { _order[i] = i; }
        if (_count < InodeOrderFrom) { return; }
        if (_inodes.Length < _count) { _inodes = new ulong[_slots.Length]; }
        for (int i = 0; i < _count; i++) { _inodes[i] = _slots[i].Inode; }
        Array.Sort(_inodes, _order, 0, _count);
    }

    /// <summary>Moves the slots that stay to the front of the order; returns their number.</summary>
    private int ReadStats(int fd, IListingSink sink)
    {
        int kept = 0;
        _leftOutCount = 0;
        _failed.Clear();
        for (int i = 0; i < _count; i++)
        {
            int slot = _order[i];
            ReadOnlySpan<byte> name = _slots[slot].Name(_names);
            EntryKind hint = _slots[slot].Kind;
            if (hint != EntryKind.None && !sink.Includes(name, hint))
            {
                LeaveOut(slot, hint);
                continue;
            }

            int errno = Posix.StatAt(fd, name, out _stats[slot]);
            if (errno == Errno.ENOENT)
            {
                _state.Gone(in _slots[slot]);
                continue;
            }

            EntryKind kind = _stats[slot].Kind; // None after an error, and for a kind the format does not know
            if (kind != hint && !sink.Includes(name, kind))
            {
                LeaveOut(slot, kind);
                continue;
            }

            if (kind == EntryKind.None)
            {
                _failed.Add((slot, errno != 0 ? errno : Errno.ENOTSUP));
                continue;
            }

            _state.Found(in _slots[slot], in _stats[slot]);
            _order[kept++] = slot;
        }

        return kept;
    }

    private void LeaveOut(int slot, EntryKind kind)
    {
        if (_leftOutCount == _leftOut.Length) { Array.Resize(ref _leftOut, Math.Max(16, _leftOutCount * 2)); }
        _slots[slot].Kind = kind;
        _leftOut[_leftOutCount++] = slot;
    }

    private void TellLeftOut(IListingSink sink)
    {
        _sorter.Sort(_names, _slots, _leftOut, _leftOutCount);
        ReadOnlySpan<byte> last = default;
        for (int i = 0; i < _leftOutCount; i++)
        {
            ref NameSlot slot = ref _slots[_leftOut[i]];
            ReadOnlySpan<byte> name = slot.Name(_names);
            if (!name.SequenceEqual(last)) { sink.LeftOut(name, slot.Kind); }
            last = name;
        }
    }

    private void Fill(EntryTable into, int kept)
    {
        ReadOnlySpan<byte> last = default;
        for (int i = 0; i < kept; i++)
        {
            int slot = _order[i];
            ReadOnlySpan<byte> name = _slots[slot].Name(_names);
            if (!name.SequenceEqual(last)) { into.Add(name, _stats[slot]); }
            last = name;
        }
    }

    private void Shrink()
    {
        if (_slots.Length <= LargestKept && _names.Length <= LargestKept * 64) { return; }
        _names = [];
        _slots = [];
        _stats = [];
        _order = [];
        _leftOut = [];
        _inodes = [];
    }
}
