using Varve.Model;

namespace Varve.Service;

/// <summary>Chooses files of snapshots by chance, each with the same chance, in memory for the chosen ones alone.</summary>
internal sealed class DrillSample(Random random, int most, long mostBytes)
{
    private readonly List<DrillFile> _chosen = [];
    private long _offered;

    /// <summary>Files that were seen, whatever their size.</summary>
    internal long Seen { get; private set; }

    /// <summary>A file that may be chosen.</summary>
    internal void Offer(SnapshotInfo snapshot, ListedEntry entry)
    {
        if (entry.Kind != EntryKind.File) { return; }
        Seen++;
        if (entry.Size > mostBytes) { return; }
        _offered++;
        if (_chosen.Count < most)
        {
            _chosen.Add(new DrillFile(snapshot, entry));
            return;
        }

        long place = random.NextInt64(_offered);
        if (place < most) { _chosen[(int)place] = new DrillFile(snapshot, entry); }
    }

    /// <summary>The chosen ones that fit into the bytes together.</summary>
    internal IReadOnlyList<DrillFile> Take()
    {
        var taken = new List<DrillFile>();
        DrillFile[] order = [.. _chosen];
        random.Shuffle(order);
        long left = mostBytes;
        foreach (DrillFile file in order)
        {
            if (file.Entry.Size > left) { continue; }
            left -= file.Entry.Size;
            taken.Add(file);
        }

        return taken;
    }
}
