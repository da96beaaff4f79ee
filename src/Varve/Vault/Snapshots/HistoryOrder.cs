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
        // Loops: queries over our structs are compiled at each start.
        var histories = new Dictionary<Bytes32, List<SnapshotInfo>>();
        foreach (SnapshotInfo snapshot in snapshots)
        {
            if (!histories.TryGetValue(snapshot.Snapshot.HistoryId, out List<SnapshotInfo>? history))
            {
                histories[snapshot.Snapshot.HistoryId] = history = [];
            }

            history.Add(snapshot);
        }

        var next = new PriorityQueue<(List<SnapshotInfo> History, int At), (FileTime, ObjectName)>();
        foreach (List<SnapshotInfo> history in histories.Values)
        {
            history.Sort(static (a, b) => a.Order.CompareTo(b.Order));
            Push(next, history, 0);
        }

        var merged = new List<SnapshotInfo>();
        while (next.TryDequeue(out (List<SnapshotInfo> History, int At) first, out _))
        {
            merged.Add(first.History[first.At]);
            Push(next, first.History, first.At + 1);
        }

        return merged;
    }

    private static void Push(
        PriorityQueue<(List<SnapshotInfo> History, int At), (FileTime, ObjectName)> next, List<SnapshotInfo> history, int at)
    {
        if (at < history.Count) { next.Enqueue((history, at), (history[at].Snapshot.Start, history[at].Name)); }
    }
}
