using Varve.Model;

namespace Varve.Maintain.Forget;

/// <summary>Holds that no lineage loses its last whole snapshot unasked.</summary>
internal static class LastWhole
{
    /// <summary>Throws if a history that has a whole snapshot would have none.</summary>
    /// <exception cref="VarveException">Usage, with the newest of each such history.</exception>
    internal static void Require(IReadOnlyList<SnapshotInfo> all, IReadOnlySet<ObjectName> forgotten)
    {
        var newest = new Dictionary<Bytes32, SnapshotInfo>();
        var left = new HashSet<Bytes32>();
        foreach (SnapshotInfo info in all)
        {
            if (!IsWhole(info.Snapshot)) { continue; }
            newest[info.Snapshot.HistoryId] = info;
            if (!forgotten.Contains(info.Name)) { left.Add(info.Snapshot.HistoryId); }
        }

        NamedSnapshot[] lost = [.. newest.Where(n => !left.Contains(n.Key)).Select(static n => n.Value.Named)];
        if (lost.Length == 0) { return; }
        string of = lost[0].Source is { } source ? $"the source '{source}'" : $"the source {lost[0].History.ToString()[..8]}";
        throw new VarveException(ErrorKind.Usage, Subject.Request(of),
            lost.Length == 1 ? "would have no whole snapshot left" : $"and {lost.Length - 1} more would have no whole snapshot left",
            Advice.AllowEmpty)
        { Snapshots = lost };
    }

    private static bool IsWhole(Snapshot snapshot) =>
        snapshot is { IsPartial: false, IsUndecided: false } && snapshot.Signature != SignatureState.Invalid;
}
