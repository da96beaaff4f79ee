using Varve.Backup.Content;
using Varve.Backup.Packing;
using Varve.Backup.Passes;
using Varve.Backup.Run;
using Varve.Backup.Trees;
using Varve.Model;
using Varve.Platform.Files;
using Varve.Walk;

namespace Varve.Backup.Order;

/// <summary>
/// Hands out the files of a band where a budget ends, the newest first, when the walk is over: as many as fit whatever comes of them are
/// read in the order of the disk, and their blocks closed; then as many as fit into what is left, and so on. The first of which that cannot
/// be told is tried by itself, and passed over if it does not fit. For ordering passes, whose directories need not be completed: of each
/// listing only the files are kept.
/// </summary>
internal sealed class AgeOrderFeed(WorkQueue work, AgeBand band, Budget budget, EntryTablePool tables) : IFileFeed
{
    private readonly object _lock = new();
    private readonly ReadWindow _window = new();

    /// <summary>Files of which a band has so many at most is read by this: each may lie in a directory of its own, which is open.</summary>
    internal static int MostFiles { get; } = DescriptorShare.Directories(quarters: 1, most: 4096);

    /// <inheritdoc/>
    public void Add(DirectoryNode node, DirectoryHandle handle, FileList files, TreeAssembler assembler)
    {
        if (files.Count == 0 && files.Groups.Count == 0) { return; }
        var copy = new LooseFiles(node, files, tables);
        lock (_lock)
        {
            int directory = _window.Add(copy.Node, handle);
            foreach ((int now, int known) in copy.Files) { _window.Add(directory, now, known, KeyOf(in copy.Node.Listing.Stat(now))); }

            foreach (FileGroup group in copy.Groups)
            {
                ulong key = ulong.MaxValue;
                foreach ((int now, int _) in group.ToRead) { key = Math.Min(key, KeyOf(in copy.Node.Listing.Stat(now))); }
                _window.Add(directory, group, key);
            }
        }

        assembler.PartDone(copy.Node); // the window has a part of it
    }

    private ulong KeyOf(in EntryStat stat) => ulong.MaxValue - band.Order.Of(in stat).Time;

    /// <inheritdoc/>
    public void Flush(TreeAssembler assembler)
    {
        bool isDone = false;
        try
        {
            _window.SortThenByInode();
            for (int i = 0; i < _window.Count && !budget.IsSpent;) { i = HandOut(i, assembler); }
            isDone = true;
        }
        finally { _window.Clear(isDone ? assembler : null); }
    }

    /// <summary>Has some files read, from that one on; the first that was not.</summary>
    private int HandOut(int from, TreeAssembler assembler)
    {
        if (!budget.IsOfSizes) { budget.CloseBlocks(); }
        int to = from;
        for (long left = budget.Left; to < _window.Count; to++)
        {
            long cost = _window.CostOf(to, budget.MostOf);
            if (cost > left) { break; }
            left -= cost;
        }

        bool isTried = to == from;
        if (isTried) { to++; }
        _window.SortByInode(from, to);
        _window.Put(from, to, work, assembler, isTried);
        work.AwaitAll();
        return to;
    }

    /// <inheritdoc/>
    public void Dispose() => _window.Clear(null);
}
