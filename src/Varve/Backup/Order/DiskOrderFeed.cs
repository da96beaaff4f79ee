using Varve.Backup.Content;
using Varve.Backup.Run;
using Varve.Backup.Trees;
using Varve.Walk;

namespace Varve.Backup.Order;

/// <summary>
/// Hands out files in the order of the disk, which is more or less that of their inode numbers, over a window of many directories: the head
/// of a disk goes over it once for each window, and not once for each directory. The walker that filled one hands it out and waits for room
/// meanwhile; when little of it is left, the others walk on and fill another.
/// </summary>
internal sealed class DiskOrderFeed(WorkQueue work) : IFileFeed
{
    /// <summary>Files in a window, at least, where there are so many, and in so many directories as may be open.</summary>
    internal const int WindowFiles = 10_240;

    /// <summary>Of files that are so large the head travels little; and the workers wait for the first window.</summary>
    private const long WindowBytes = 1L << 30;

    /// <summary>Listings that are kept for a file or two of each.</summary>
    private const long WindowFootprint = 32 << 20;

    /// <summary>When so many files of a window are left, the next is begun: before, what is listed would only take memory.</summary>
    private const int NextAt = 2048, Slice = 512;

    private readonly object _lock = new();
    private ReadWindow _filling = new();
    private int _left; // of the window that is handed out
    private ReadWindow? _spare = new ReadWindow();

    /// <inheritdoc/>
    public void Add(DirectoryNode node, DirectoryHandle handle, FileList files, TreeAssembler assembler)
    {
        if (files.Count == 0 && files.Groups.Count == 0) { return; }
        ReadWindow full;
        lock (_lock)
        {
            while (IsFull || _left > NextAt) { Monitor.Wait(_lock); } // until somebody has taken it away
            int directory = _filling.Add(node, handle);
            for (int i = 0; i < files.Count; i++)
            {
                (int now, int known) = files[i];
                _filling.Add(directory, now, known, _filling.KeyOf(node, now));
            }

            foreach (FileGroup group in files.Groups) { _filling.Add(directory, group, _filling.KeyOf(node, group.ToRead[0].Now)); }
            if (!IsFull) { return; }
            full = Take();
        }

        HandOut(full, assembler);
    }

    /// <inheritdoc/>
    public void Flush(TreeAssembler assembler)
    {
        ReadWindow rest;
        lock (_lock) { rest = Take(); }
        HandOut(rest, assembler);
    }

    private bool IsFull => _filling.Count >= WindowFiles || _filling.Directories >= ReadWindow.MostDirectories
        || _filling.Bytes >= WindowBytes || _filling.Footprint >= WindowFootprint;

    /// <summary>The window that was filled; another takes its place. Under the lock.</summary>
    private ReadWindow Take()
    {
        while (_spare is null) { Monitor.Wait(_lock); }
        ReadWindow full = _filling;
        (_filling, _spare) = (_spare, null);
        _left = full.Count;
        Monitor.PulseAll(_lock);
        return full;
    }

    private void HandOut(ReadWindow window, TreeAssembler assembler)
    {
        bool isDone = false;
        try
        {
            window.Sort(0, window.Count);
            for (int from = 0, to; from < window.Count; from = to)
            {
                to = Math.Min(from + Slice, window.Count);
                window.Put(from, to, work, assembler);
                lock (_lock)
                {
                    _left = window.Count - to;
                    if (_left <= NextAt) { Monitor.PulseAll(_lock); }
                }
            }

            isDone = true;
        }
        finally
        {
            window.Clear(isDone ? assembler : null);
            lock (_lock)
            {
                (_spare, _left) = (window, 0);
                Monitor.PulseAll(_lock);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _filling.Clear(null);
}
