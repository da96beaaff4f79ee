using Varve.Model;

namespace Varve.Vault.Snapshots;

/// <summary>The order in which snapshots of several histories are listed.</summary>
internal static class HistoryOrder
{
    /// <summary>
    /// Those of each history in its own order (<see cref="SnapshotOrder"/>); and of the next of each, whichever began first. So a clock
    /// that was wrong misplaces a history among others, and nothing within it.
    /// </summary>
    internal static IReadOnlyList<SnapshotInfo> Merge(IEnumerable<SnapshotInfo> snapshots)
    {
        var next = new PriorityQueue<IEnumerator<SnapshotInfo>, (FileTime, ObjectName)>();
        foreach (IGrouping<Bytes32, SnapshotInfo> history in snapshots.GroupBy(static s => s.Snapshot.HistoryId))
        {
            Push(next, history.OrderBy(static s => s.Order).GetEnumerator());
        }

        var merged = new List<SnapshotInfo>();
        while (next.TryDequeue(out IEnumerator<SnapshotInfo>? history, out _))
        {
            merged.Add(history.Current);
            Push(next, history);
        }

        return merged;
    }

    private static void Push(PriorityQueue<IEnumerator<SnapshotInfo>, (FileTime, ObjectName)> next, IEnumerator<SnapshotInfo> history)
    {
        if (history.MoveNext()) { next.Enqueue(history, (history.Current.Snapshot.Start, history.Current.Name)); }
        else { history.Dispose(); }
    }
}
