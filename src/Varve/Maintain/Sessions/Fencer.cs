using Varve.Format;
using Varve.Model;
using Varve.Model.Snapshots;
using Varve.Store;
using Varve.Tree;
using Varve.Vault.Objects;
using Varve.Vault.Snapshots;

namespace Varve.Maintain.Sessions;

/// <summary>
/// Fences sessions that are called expired, decides which of their snapshots count, and keeps the objects that say so few
/// (docs/protocol.md). Stateless.
/// </summary>
internal sealed class Fencer(IStore store, PruneRecords records, SnapshotStore snapshots, Settling settling)
{
    /// <summary>So many objects of fences are left as they are: each writer reads them.</summary>
    private const int MostObjects = 8;

    /// <summary>
    /// Puts one object with what all say, if there are many (<c>prune_merges</c>). The keys of those that it replaces: they are to be
    /// removed when the sessions are over that may be listing now.
    /// </summary>
    internal IReadOnlyList<string> Merge()
    {
        IReadOnlyList<(ObjectName Name, FenceList Fences)> objects = records.Fences();
        string[] replaced = [.. Replaced(objects)];
        if (objects.Count <= MostObjects) { return replaced; }
        var entries = new Dictionary<SessionId, HashSet<ObjectName>?>();
        foreach (Fence fence in objects.SelectMany(static o => o.Fences.Entries))
        {
            HashSet<ObjectName>? known = entries.GetValueOrDefault(fence.Session);
            if (fence.Decided is null) { entries[fence.Session] = known; }
            else if (known is null) { entries[fence.Session] = [.. fence.Decided]; }
            else { known.IntersectWith(fence.Decided); }
        }

        ObjectName[] old = [.. objects.Select(static o => o.Name)];
        records.Put(new FenceList([.. entries.Select(static e => new Fence(e.Key, e.Value?.ToArray()))], old));
        return [.. old.Select(static o => ObjectKeys.Fences + o)];
    }

    /// <summary>
    /// Fences these sessions, decides on them by the snapshots that are there after the fence is durable, and removes them.
    /// </summary>
    internal void Fence(IReadOnlyList<SessionId> expired)
    {
        if (expired.Count == 0) { return; }

        // prune_fences
        records.Put(new FenceList([.. expired.Select(static s => new Fence(s, null))], []));
        settling.Wait(2);

        // prune_lists_fenced: one that cannot be read may be of any of them.
        ILookup<SessionId, ObjectName> of = snapshots.ListStored(static e => throw e).ToLookup(static s => s.Snapshot.Session,
            static s => s.Name);

        // prune_decides
        records.Put(new FenceList([.. expired.Select(s => new Fence(s, [.. of[s]]))], []));

        // prune_ends_fenced
        store.Delete([.. expired.Select(static s => ObjectKeys.Sessions + s)]);
    }

    /// <summary>
    /// Where nothing is to be waited for: fences sessions that this machine may call expired by now, and removes those that are decided,
    /// which somebody who was killed left, or a writer that woke put again. How many it fenced, and whether others' are still there.
    /// </summary>
    internal (int Fenced, bool AreLeft) Sweep(SessionWatch watch, FenceBook fences, SessionId own)
    {
        WatchedSession[] others = [.. watch.Look().Where(s => s.Facts.Id != own)];
        SessionId[] over = [.. others.Select(static s => s.Facts.Id).Where(fences.IsDecided)];
        if (over.Length > 0) { store.Delete([.. over.Select(static s => ObjectKeys.Sessions + s)]); }
        SessionId[] expired = [.. others.Where(s => s.IsExpired && !fences.IsDecided(s.Facts.Id)).Select(static s => s.Facts.Id)];
        Fence(expired);
        return (expired.Length, over.Length + expired.Length < others.Length);
    }

    // What an earlier prune merged and did not come to remove. The one that merged may be gone, merged into another.
    private static IEnumerable<string> Replaced(IReadOnlyList<(ObjectName Name, FenceList Fences)> objects)
    {
        HashSet<ObjectName> there = [.. objects.Select(static o => o.Name)];
        return objects.SelectMany(static o => o.Fences.Replaced).Distinct().Where(there.Contains).Select(static n => ObjectKeys.Fences + n);
    }
}
