using Varve.Catalog;
using Varve.Catalog.Rows;

namespace Varve.History.Revisions;

/// <summary>Says of revisions of a source which snapshots have them. Not thread-safe.</summary>
/// <param name="source">The source.</param>
/// <param name="snapshots">Its complete snapshots, by number; one at least.</param>
/// <param name="failures">Which of them lack what.</param>
internal sealed class RevisionIntervals(SourceRow source, SnapshotRow[] snapshots, FailedSnapshots failures)
{
    /// <summary>The number of the first snapshot.</summary>
    internal long FirstNumber => snapshots[0].Number;

    /// <summary>Of a source in a catalog; null if no snapshot of it is complete.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="gaps">Another reader of it, if the first will be busy; else the same.</param>
    /// <param name="source">The source.</param>
    internal static RevisionIntervals? Of(CatalogReader catalog, CatalogReader gaps, SourceRow source)
    {
        SnapshotRow[] snapshots = [.. catalog.Snapshots(source.Id).Where(static s => s.State == SnapshotState.Complete)];
        return snapshots.Length == 0 ? null : new RevisionIntervals(source, snapshots, new FailedSnapshots(gaps, source.Id));
    }

    /// <summary>Null for what only a run in the making has, or one that lacks it.</summary>
    internal FoundRevision? Describe(in MatchedRevision revision)
    {
        SnapshotRow? first = null, last = null;
        List<ObjectName>? lacking = null;
        bool isFailing = false;
        IReadOnlyList<GapRow> gaps = failures.Of(revision.Directory, revision.Name);
        int begin = IndexOf(revision.First), end = IndexOf(revision.Last);
        if (gaps.Count == 0 && end - begin > 2) { (first, begin) = (snapshots[begin], end - 1); } // all between have it as well
        foreach (SnapshotRow snapshot in snapshots.AsSpan(begin, Math.Max(0, end - begin)))
        {
            isFailing = FailedSnapshots.IsIn(gaps, snapshot.Number);
            if (isFailing)
            {
                (lacking ??= []).Add(snapshot.Object);
                continue;
            }

            first ??= snapshot;
            last = snapshot;
        }

        return first is null ? null : new FoundRevision(
            revision.Path.ToArray(), source.Name, revision.Stat, revision.Flags, first.Object, first.Start, last!.Object, last.Start,
            last == snapshots[^1])
        { Host = source.Host, FailedIn = lacking ?? [], IsFailing = isFailing && revision.Last == long.MaxValue };
    }

    /// <summary>The index of the first snapshot whose number is not below that.</summary>
    private int IndexOf(long number)
    {
        int low = 0, high = snapshots.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (snapshots[middle].Number < number) { low = middle + 1; }
            else { high = middle; }
        }

        return low;
    }
}
