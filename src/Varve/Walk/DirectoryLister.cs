using Varve.Model;
using Varve.Platform;

namespace Varve.Walk;

/// <summary>
/// Lists a directory: all names by getdents64, then statx for each, then sorted by name. Buffers are kept between calls, nothing is
/// allocated per entry. Not thread-safe: one per thread.
/// </summary>
/// <remarks>
/// Invariant 4: a listing that failed or was cut short gives an error and no entries. An entry that vanished between name and stat was
/// removed meanwhile and is simply absent; a name the system gave twice is listed once.
/// </remarks>
internal sealed class DirectoryLister
{
    /// <summary>Buffers for more entries than this are not kept for the next directory.</summary>
    internal const int LargestKept = 1 << 14;

    // Beyond this, inodes are visited in their order on disk: reading them in name order would seek for each on a cold disk.
    private const int InodeOrderFrom = 1024;

    private readonly DirectoryReader _reader = new();
    private readonly NameSorter _sorter = new();
    private byte[] _names = [];
    private NameSlot[] _slots = [];
    private EntryStat[] _stats = [];
    private int[] _order = [];
    private ulong[] _inodes = [];
    private int _count;

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
        int errno = ReadNames(directory.Fd);
        if (errno == 0)
        {
            SortByInode();
            int kept = ReadStats(directory.Fd, sink);
            _sorter.Sort(_names, _slots, _order, kept);
            Fill(into, kept);
        }

        Shrink();
        return errno;
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
        for (int i = 0; i < _count; i++)
        {
            int slot = _order[i];
            ReadOnlySpan<byte> name = _slots[slot].Name(_names);
            EntryKind hint = _slots[slot].Kind;
            if (hint != EntryKind.None && !sink.Includes(name, hint)) { continue; }

            int errno = Posix.StatAt(fd, name, out _stats[slot]);
            if (errno == Errno.ENOENT) { continue; }
            EntryKind kind = _stats[slot].Kind; // None after an error, and for a kind the format does not know
            if (kind != hint && !sink.Includes(name, kind)) { continue; }
            if (kind == EntryKind.None) { sink.StatFailed(name, errno != 0 ? errno : Errno.ENOTSUP); }
            else { _order[kept++] = slot; }
        }

        return kept;
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
        _inodes = [];
    }
}
