using System.Text;
using Varve.Backup.Dirty;
using Varve.Catalog;
using Varve.Catalog.Rows;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Tree.Lists;
using Varve.Vault.Objects;

namespace Varve.Backup.Watched;

/// <summary>
/// A run of a source that somebody watches: says whether it may look only where something changed, and what the next one may go by.
/// <para>Invariant: only what is looked at by a run may differ from the snapshot before in the one it makes; so whatever makes it doubtful
/// that the rest is as that snapshot, and the catalog, have it has everything looked at.</para>
/// </summary>
/// <param name="identity">What a set holds for now; null: none does.</param>
/// <param name="whyNone">Why none does.</param>
/// <param name="own">Where the run writes itself.</param>
internal sealed class WatchedRun(WatchIdentity? identity, string whyNone, IReadOnlyList<(string Path, string What)> own)
{
    /// <summary>Of a run that looks at everything because it is time to: what was told, to be compared.</summary>
    internal DirtyNode? Told { get; private set; }

    /// <summary>
    /// Where to look; null for everywhere, with the reason. The catalog, the index and the snapshot before hold nothing that is doubtful,
    /// which the caller knows by <paramref name="isSure"/>.
    /// </summary>
    /// <param name="set">What changed since a snapshot, if anybody says.</param>
    /// <param name="isSure">Whether the catalog's rows count without being proved, and none has a gap.</param>
    /// <param name="running">The snapshot in the making.</param>
    /// <param name="before">The one before.</param>
    /// <param name="unstable">Files that did not hold still.</param>
    /// <param name="marks">What that one says was left out: all of it, or null.</param>
    /// <param name="reader">The catalog.</param>
    /// <param name="reason">Why everywhere.</param>
    internal DirtyLook? Choose(DirtySet? set, bool isSure, SnapshotRow running, SnapshotRow? before, IReadOnlyList<UnstableRow> unstable,
        Func<IReadOnlyList<Mark>?> marks, CatalogReader reader, out string reason)
    {
        reason = identity is null ? whyNone : set is null ? "nobody says what changed"
            : set.Identity.Place != identity.Value.Place ? "the machine, the root or what is mounted there is another"
            : set.Identity.Rules != identity.Value.Rules ? "the rules are others" : set.Identity.Catalog != identity.Value.Catalog ? "the catalog is new"
            : before is null || before.Object != set.Base || before.Number != set.Number ? "the snapshot before is another"
            : before.IsPartial || before.HasFailures || running.Resumed || !isSure ? "the snapshot before, or what is known of it, is not sure"
            : before.Clocks is not [{ MountKey: 0 }] ? "it is not on one file system whose clock is known"
            : unstable.Count >= StillDirty.Most ? "too many files did not hold still" : "";
        if (reason.Length > 0) { return null; }
        (DirtyNode root, HashSet<ulong> linked) = Places(set!, unstable, before!.Source, reader);
        if (set!.WholeAt > 0)
        {
            Told = root;
            reason = "it is time to look at everything";
            return null;
        }

        IReadOnlyList<Mark>? left;
        try { left = marks(); }
        catch (VarveException) { left = null; } // it may have been forgotten meanwhile
        if (left is null)
        {
            reason = "not all is known that was left out";
            return null;
        }

        return new DirtyLook(root, linked, left);
    }

    private static (DirtyNode Root, HashSet<ulong> Linked) Places(DirtySet set, IReadOnlyList<UnstableRow> unstable, long source,
        CatalogReader reader)
    {
        var root = new DirtyNode();
        foreach (byte[] path in set.Directories) { root.Add(path); }
        HashSet<long> more = [.. unstable.Select(static u => u.Directory)];
        var linked = new HashSet<ulong>(set.Inodes);
        if (linked.Count > 0) { more.UnionWith(reader.DirectoriesWith(source, linked)); }
        foreach (long directory in more)
        {
            // The root's entry lies in none: it is looked at in any case.
            if (reader.TryLocate(directory, out _, out _)) { root.Add(reader.PathOf(directory)); }
        }

        return (root, linked);
    }

    /// <summary>All that a snapshot says was left out; null if that cannot be read, or is not all.</summary>
    internal static IReadOnlyList<Mark>? MarksOf(Snapshot snapshot, Func<ChunkId, ReadOnlyMemory<byte>> fetch)
    {
        if (snapshot.Counts.LeftOut is not { } counts) { return null; }
        if (counts.All == 0) { return []; }
        if (snapshot.Private is not { MarkList.IsNone: false } known) { return null; }
        Mark[] marks = [.. MarkList.Decode(fetch(known.MarkList).Span).Marks];
        return marks.Length == counts.All ? marks : null;
    }

    /// <summary>
    /// What the next run goes by, if somebody has watched since before this one began: the snapshot, and the directories that are looked at
    /// again whatever happened. Null: everything is.
    /// </summary>
    /// <param name="after">What a set holds for when the run is over.</param>
    /// <param name="name">The snapshot.</param>
    /// <param name="number">The run's number.</param>
    /// <param name="still">Directories that may hide changes.</param>
    /// <param name="reader">The catalog, with the run in it.</param>
    /// <param name="source">The source's number.</param>
    internal DirtySet? Rest(WatchIdentity? after, ObjectName name, long number, StillDirty still, CatalogReader reader, long source)
    {
        if (identity is not { } id || after != id || still.IsTooMany) { return null; }
        IReadOnlyList<UnstableRow> unstable = reader.Unstable(source, StillDirty.Most);
        if (unstable.Count >= StillDirty.Most) { return null; }
        IEnumerable<byte[]> moving = unstable.Select(static u => u.Directory).Distinct().Where(d => reader.TryLocate(d, out _, out _))
            .Select(reader.PathOf);
        return new DirtySet
        {
            Identity = id, Base = name, Number = number, Directories = [.. still.All, .. moving],
            Own = [.. own.Select(static o => Encoding.UTF8.GetBytes(o.Path))],
        };
    }
}
