using Varve.Backup.Run;
using Varve.Model;
using Varve.Model.Bounds;

namespace Varve.Backup.Passes;

/// <summary>What a run leaves for the next: all of it is counted, the newest are kept by name (invariant 11). Thread-safe.</summary>
internal sealed class PendingFiles
{
    private readonly PriorityQueue<PendingFile, FileTime> _newest = new(); // its own lock; the oldest of them comes out first
    private long _files, _bytes, _kept;
    private bool _isFull;

    internal long Files => Interlocked.Read(ref _files);

    internal long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Adds entry <paramref name="i"/> of a directory.</summary>
    internal void Add(DirectoryNode node, int i)
    {
        ref EntryStat stat = ref node.Listing.Stat(i);
        FileTime time = AgeHistogram.LastChange(in stat);
        lock (_newest)
        {
            _files++;
            _bytes = Saturating.Add(_bytes, stat.Size);
            if (_isFull && (!_newest.TryPeek(out _, out FileTime oldest) || time <= oldest)) { return; }
            var file = new PendingFile(node.Path(node.Listing.Name(i)), stat.Size, time);
            _newest.Enqueue(file, time);
            _kept += file.Path.Length;
            while (_newest.Count > Tree.Lists.PendingList.MaxFiles || _kept > BoundedList<PendingFile>.MostBytes)
            {
                _kept -= _newest.Dequeue().Path.Length;
                _isFull = true;
            }
        }
    }

    /// <summary>Those that are kept, newest first, then by path.</summary>
    internal IReadOnlyList<PendingFile> Newest()
    {
        lock (_newest)
        {
            PendingFile[] files = [.. _newest.UnorderedItems.Select(static item => item.Element)];
            Array.Sort(files, static (a, b) =>
            {
                int order = b.Time.CompareTo(a.Time);
                return order != 0 ? order : a.Path.AsSpan().SequenceCompareTo(b.Path);
            });
            return files;
        }
    }
}
