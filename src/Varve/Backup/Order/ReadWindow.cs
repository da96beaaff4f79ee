using Varve.Backup.Content;
using Varve.Backup.Run;
using Varve.Backup.Trees;
using Varve.Model;
using Varve.Model.Bounds;
using Varve.Platform.Files;
using Varve.Walk;

namespace Varve.Backup.Order;

/// <summary>
/// Files of several directories that wait to be read, to be sorted and cut into batches. Bounded by who fills it. Reused after
/// <see cref="Clear"/> without allocating for files. Not thread-safe: one owner at a time.
/// </summary>
internal sealed class ReadWindow
{
    private const int MaxBatchFiles = 64;
    private const long MaxBatchBytes = 4 << 20;

    /// <summary>A file, or, with the index of a group in place of its row, files that belong together.</summary>
    private readonly record struct Item(int Directory, int Now, int Known)
    {
        internal const int Group = -1; // as Now
    }

    private readonly List<WindowDirectory> _directories = [];
    private readonly List<FileGroup> _groups = [];
    private ulong[] _keys = [];
    private readonly List<ulong> _devices = []; // few
    private Item[] _items = [];
    private long _serial;

    // Each directory of a window, and of a batch that waits, is held open: of all that may be, two windows take a quarter at most, some 40
    // batches another.
    private static readonly int s_share = DescriptorShare.Directories(quarters: 1, most: 12_288);
    private static readonly int s_mostOfBatch = Math.Clamp(s_share / 160, 1, 64);

    /// <summary>Directories that may have files in a window.</summary>
    internal static int MostDirectories { get; } = DescriptorShare.AreFew ? 1 : Math.Clamp((s_share - 40) / 8, 1, 1024);

    /// <summary>Files and groups.</summary>
    internal int Count { get; private set; }

    internal int Directories => _directories.Count;

    /// <summary>What all files come to.</summary>
    internal long Bytes { get; private set; }

    /// <summary>Bytes of memory that listings take which are kept for the files.</summary>
    internal long Footprint { get; private set; }

    /// <summary>
    /// Adds a directory; its number. The handle and a part of the node are held until its last file is put, or <see cref="Clear"/>.
    /// </summary>
    internal int Add(DirectoryNode node, DirectoryHandle handle)
    {
        handle.AddRef();
        Interlocked.Increment(ref node.Pending);
        _directories.Add(new WindowDirectory(node, handle));
        Footprint += node.Listing.Footprint + (node.Known?.Footprint ?? 0);
        return _directories.Count - 1;
    }

    /// <summary>Adds a file of a directory, which is sorted by <paramref name="key"/>.</summary>
    internal void Add(int directory, int now, int known, ulong key)
    {
        Bytes = Saturating.Add(Bytes, _directories[directory].Node.Listing.Stat(now).Size);
        Add(new Item(directory, now, known), key);
    }

    /// <summary>Adds files of a directory that belong together.</summary>
    internal void Add(int directory, FileGroup group, ulong key)
    {
        _groups.Add(group);
        foreach ((int now, int _) in group.ToRead) { Bytes = Saturating.Add(Bytes, _directories[directory].Node.Listing.Stat(now).Size); }
        Add(new Item(directory, Item.Group, _groups.Count - 1), key);
    }

    private void Add(Item item, ulong key)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Math.Max(256, 2 * Count));
            Array.Resize(ref _keys, _items.Length);
        }

        (_items[Count], _keys[Count]) = (item, key);
        _directories[item.Directory].Left++;
        Count++;
    }

    /// <summary>Sorts some of it by its keys, ascending.</summary>
    internal void Sort(int from, int to) => _keys.AsSpan(from..to).Sort(_items.AsSpan(from..to));

    /// <summary>Sorts some of it in the order of the disk, more or less: by inode number.</summary>
    internal void SortByInode(int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            int now = _items[i] is { Now: >= 0 and var file } ? file : _groups[_items[i].Known].ToRead[0].Now;
            _keys[i] = KeyOf(_directories[_items[i].Directory].Node, now);
        }

        Sort(from, to);
    }

    /// <summary>Sorts all of it by its keys, and what has one key by inode number.</summary>
    internal void SortThenByInode()
    {
        Sort(0, Count);
        for (int from = 0, to; from < Count; from = to)
        {
            for (to = from + 1; to < Count && _keys[to] == _keys[from];) { to++; }
            if (to - from > 1) { SortByInode(from, to); }
        }
    }

    /// <summary>What sorts files of a directory in the order of the disk: all of one disk, then those of another.</summary>
    internal ulong KeyOf(DirectoryNode node, int now)
    {
        const int Disks = 8; // bits that inode numbers have no use for
        ref EntryStat stat = ref node.Listing.Stat(now);
        int disk = _devices.IndexOf(stat.Device);
        if (disk < 0)
        {
            disk = _devices.Count;
            _devices.Add(stat.Device);
        }

        return ((ulong)disk << (64 - Disks)) ^ stat.Inode;
    }

    /// <summary>What files of a place would take, by their sizes.</summary>
    internal long CostOf(int i, Func<long, long> costOf)
    {
        Item item = _items[i];
        DirectoryNode node = _directories[item.Directory].Node;
        if (item.Now >= 0) { return costOf(node.Listing.Stat(item.Now).Size); }
        long cost = 0;
        foreach ((int now, int _) in _groups[item.Known].ToRead) { cost = Saturating.Add(cost, costOf(node.Listing.Stat(now).Size)); }
        return cost;
    }

    /// <summary>
    /// Puts some of it on the workers' edge, in batches, each asked for ahead; once only. Directories of which all is put are let go.
    /// </summary>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    internal void Put(int from, int to, WorkQueue work, TreeAssembler assembler, bool isTried = false)
    {
        ReadBatch? batch = null;
        long bytes = 0;
        for (int i = from; i < to; i++)
        {
            Item item = _items[i];
            WindowDirectory directory = _directories[item.Directory];
            if (item.Now < 0)
            {
                Put(batch, work);
                FileGroup group = _groups[item.Known];
                batch = work.Rent();
                batch.Add(directory.Node, directory.Node.Origins?.Handle(group.ToRead[0].Now) ?? directory.Handle);
                batch.Group = group;
                LetGo(directory, assembler);
                Put(batch, work);
                batch = null;
                continue;
            }

            long size = directory.Node.Listing.Stat(item.Now).Size;
            bool isFull = batch is not null && (batch.Items.Count == MaxBatchFiles || size > MaxBatchBytes - bytes
                || (directory.Batch != _serial && batch.Directories.Count == s_mostOfBatch));
            if (isFull)
            {
                Put(batch, work);
                batch = null;
            }

            if (batch is null)
            {
                batch = work.Rent();
                batch.IsTried = isTried;
                bytes = 0;
                _serial++;
            }

            if (directory.Batch != _serial)
            {
                directory.Batch = _serial;
                directory.Slot = batch.Add(directory.Node, directory.Handle);
            }

            batch.Items.Add((directory.Slot, item.Now, item.Known));
            bytes = Saturating.Add(bytes, size);
            LetGo(directory, assembler);
        }

        Put(batch, work);
    }

    /// <summary>A file of a directory is in a batch, which has a part of the node itself.</summary>
    private static void LetGo(WindowDirectory directory, TreeAssembler assembler)
    {
        if (--directory.Left > 0) { return; }
        directory.Handle.Release();
        assembler.PartDone(directory.Node);
    }

    private static void Put(ReadBatch? batch, WorkQueue work)
    {
        if (batch is null) { return; }
        ReadAhead.Ask(batch);
        if (work.Put(batch)) { return; } // then it is another's
        batch.Release();
        throw new OperationCanceledException();
    }

    /// <summary>Lets go of what is left; with an assembler the nodes are counted off, without one the run is stopped.</summary>
    internal void Clear(TreeAssembler? assembler)
    {
        foreach (WindowDirectory directory in _directories)
        {
            if (directory.Left == 0) { continue; }
            directory.Handle.Release();
            assembler?.PartDone(directory.Node);
        }

        _directories.Clear();
        _groups.Clear();
        _devices.Clear();
        (Count, Bytes, Footprint) = (0, 0, 0);
    }
}
