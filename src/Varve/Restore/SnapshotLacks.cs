using Varve.History;
using Varve.History.Entries;
using Varve.Model;
using Varve.Restore.Plan;
using Varve.Tree;
using Varve.Tree.Lists;

namespace Varve.Restore;

/// <summary>What a restore cannot bring back because the snapshot lacks it.</summary>
internal static class SnapshotLacks
{
    /// <summary>
    /// The first of the paths that a restore would have written, relative to what is restored, and how many there are. Those that are in
    /// the snapshot, torn, are not among them.
    /// </summary>
    internal static (IReadOnlyList<Failure> First, long Count) Of(FetchMeta meta, RestoreOptions options, RestoreFilter filter)
    {
        Snapshot snapshot = options.Snapshot.Snapshot;
        if (!snapshot.HasFailures) { return ([], 0); }
        byte[] below = options.Path.AsSpan().Trim((byte)'/').ToArray();
        bool isAll = below.Length == 0 && filter.TakesAll;
        IReadOnlyList<Failure> failures;
        try { failures = SnapshotFailures.List(meta, options.Snapshot); }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            // Which they are is lost; that there are some is not.
            var unknown = new Failure([], FailedOperation.List, 0, $"the list of what the snapshot lacks: {e.Message}");
            return ([unknown], snapshot.Counts.Failed);
        }

        var lacks = new List<Failure>();
        foreach (Failure failure in failures)
        {
            if (failure.IsStored && failure.Operation == FailedOperation.Changed) { continue; }
            if (Below(failure.Path, below) is { } path && filter.Takes(path)) { lacks.Add(failure with { Path = path }); }
        }

        long unlisted = isAll ? Math.Max(0, snapshot.Counts.Failed - failures.Count) : 0;
        return (lacks, lacks.Count + unlisted);
    }

    /// <summary>
    /// Files that the snapshot lacks because a budget left them for later: all if everything is restored, else those of the first 10,000
    /// that would have been written.
    /// </summary>
    internal static long Pending(FetchMeta meta, RestoreOptions options, RestoreFilter filter)
    {
        long all = options.Snapshot.Snapshot.Counts.PendingFiles;
        byte[] below = options.Path.AsSpan().Trim((byte)'/').ToArray();
        if (all == 0 || (below.Length == 0 && filter.TakesAll)) { return all; }
        ChunkId list = options.Snapshot.Snapshot.Private!.PendingList;
        try { return PendingList.Decode(meta(list).Span).Count(p => Below(p.Path, below) is { } path && filter.Takes(path)); }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound) { return all; }
    }

    private static byte[]? Below(byte[] path, byte[] directory) =>
        directory.Length == 0 ? path
        : !path.AsSpan().StartsWith(directory) ? null
        : path.Length == directory.Length ? []
        : path[directory.Length] == (byte)'/' ? path[(directory.Length + 1)..] : null;
}
