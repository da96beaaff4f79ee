using Varve.Lookup;
using Varve.Model;
using Varve.Model.Packs;

namespace Varve.Vault.Runs;

/// <summary>Questions to the index that need nothing of its insides. Stateless, thread-safe.</summary>
internal static class IndexLookups
{
    /// <summary>
    /// Where a chunk lies that is known to reach up to <paramref name="end"/> at least: a place that says otherwise is chosen only if
    /// there is no other.
    /// </summary>
    internal static bool TryLocate(this IndexSet index, in ChunkId id, long end, out ChunkLocation location)
    {
        if (!index.TryLocate(id, out location)) { return false; }
        if (location.Length < end) { location = Longer(index, in id, end) ?? location; }
        return true;
    }

    private static ChunkLocation? Longer(IndexSet index, in ChunkId id, long end)
    {
        foreach (ChunkPlace place in index.Places(id))
        {
            if (place.Location.Length >= end) { return place.Location; }
        }

        return null;
    }

    /// <summary>Whether a writer need not store a chunk. When in doubt it stores it again, which loses nothing.</summary>
    internal static bool Contains(this IndexSet index, in ChunkId id)
    {
        for (int damaged = 0; damaged < 2;)
        {
            try
            {
                Presence presence = index.Chunks.Ask(id, out RunPack doubted);
                if (presence != Presence.Doubted || !index.Doubts.CanVerify) { return presence == Presence.Present; }
                index.Doubts.Settle(index, in doubted);
            }
            catch (VarveException e) when (e.Kind == ErrorKind.Damaged && ++damaged == 1) { index.Recover(); }
            catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
            {
                // It is stored again.
            }
        }

        return false;
    }

    /// <summary>All places of a chunk that count now, those that failed before at the end.</summary>
    internal static IReadOnlyList<ChunkPlace> Places(this IndexSet index, in ChunkId id)
    {
        try { return index.Chunks.Places(id); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { index.Recover(); }
        try { return index.Chunks.Places(id); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { return []; }
    }

    /// <summary>The packs of all runs that count, each once.</summary>
    internal static IReadOnlyList<RunPack> Packs(this IndexSet index) =>
        [.. index.Listings().Select(static l => l.Pack).DistinctBy(static p => p.Name)];

    /// <summary>The runs that are there, and those in whose place a prune put one of them: these are not lost.</summary>
    internal static ObjectName[] RunsAndReplaced(this IndexSet index)
    {
        IReadOnlyList<RunOrigin> origins = index.Origins;
        return [.. origins.Select(static o => o.Run)
            .Concat(origins.Where(static o => o.IsFull).SelectMany(static o => o.Superseded)).Distinct()];
    }
}
