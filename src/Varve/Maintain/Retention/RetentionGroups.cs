using Varve.Model;

namespace Varve.Maintain.Retention;

/// <summary>Sorts snapshots into groups, each from the oldest to the newest.</summary>
internal static class RetentionGroups
{
    /// <summary>
    /// The groups, in the order of their first snapshots. However they are made, what different writers recorded is never in one, but for
    /// what somebody with a full key joined: a stolen key pushes out nothing of others.
    /// </summary>
    /// <param name="snapshots">In the order in which they are listed.</param>
    /// <param name="by">What a group has in common; all but lineages need the full key.</param>
    /// <param name="writerOf">Who goes on with a history.</param>
    internal static IReadOnlyList<IReadOnlyList<SnapshotInfo>> Of(
        IReadOnlyList<SnapshotInfo> snapshots, Grouping by, Func<Bytes32, Bytes32> writerOf)
    {
        var groups = new Dictionary<string, List<SnapshotInfo>>(StringComparer.Ordinal);
        var order = new List<List<SnapshotInfo>>();
        foreach (SnapshotInfo info in snapshots)
        {
            string key = KeyOf(info.Snapshot, by, writerOf);
            if (!groups.TryGetValue(key, out List<SnapshotInfo>? group))
            {
                groups[key] = group = [];
                order.Add(group);
            }

            group.Add(info);
        }

        foreach (List<SnapshotInfo> group in order)
        {
            bool isOne = group.TrueForAll(i => i.Snapshot.HistoryId == group[0].Snapshot.HistoryId);
            if (isOne) { group.Sort(static (a, b) => a.Order.CompareTo(b.Order)); }
            else
            {
                group.Sort(static (a, b) =>
                    a.Snapshot.Start.CompareTo(b.Snapshot.Start) is not 0 and var byStart ? byStart : a.Order.CompareTo(b.Order));
            }
        }

        return order;
    }

    private static string KeyOf(Snapshot snapshot, Grouping by, Func<Bytes32, Bytes32> writerOf)
    {
        if (by == Grouping.Lineage) { return snapshot.HistoryId.ToString(); }
        SnapshotPrivate names = snapshot.Private ?? throw new InvalidOperationException("needs the full key");
        List<string> parts = [writerOf(snapshot.HistoryId).ToString()];
        if (by.HasFlag(Grouping.Source)) { parts.Add(names.Source); }
        if (by.HasFlag(Grouping.Host)) { parts.Add(names.Host); }
        if (by.HasFlag(Grouping.Tags)) { parts.AddRange(names.Tags.Distinct().Order(StringComparer.Ordinal)); }
        // No name has a NUL in it that could be taken for the end of another: each begins with its length.
        return string.Concat(parts.Select(static p => $"{p.Length}:{p}"));
    }
}
