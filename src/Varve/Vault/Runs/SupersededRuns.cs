using Varve.Format;
using Varve.Lookup;
using Varve.Model;
using Varve.Store;

namespace Varve.Vault.Runs;

/// <summary>
/// Which runs are left out because others say that they supersede them (docs/format.md, 7): only where one that a full key signed holds
/// every pack of it that is still in the store. Not thread-safe.
/// <para>No two runs can supersede each other: each would have to name the other by its hash. So of a chain of superseding runs the last
/// holds all that counts.</para>
/// </summary>
internal sealed class SupersededRuns(IStore store, ChunkIndex chunks)
{
    /// <summary>What runs claim to supersede and do not, for people.</summary>
    internal List<string> Notes { get; } = [];

    /// <summary>
    /// The runs that are left out, of those that are <paramref name="present"/>. Reads the packs of tables if any run supersedes another
    /// that is there, and asks the store for packs that it lacks.
    /// </summary>
    internal HashSet<ObjectName> Find(IEnumerable<RunOrigin> present, IReadOnlySet<ObjectName> distrusted)
    {
        Notes.Clear();
        var leftOut = new HashSet<ObjectName>();
        List<RunOrigin> all = [.. present];
        if (all.TrueForAll(static o => o.Superseded.Length == 0)) { return leftOut; }
        HashSet<ObjectName> names = [.. all.Select(static o => o.Run)];
        var claims = new List<(RunOrigin By, ObjectName[] Runs)>();
        foreach (RunOrigin origin in all)
        {
            ObjectName[] runs = [.. origin.Superseded.Where(names.Contains).Where(n => n != origin.Run).Distinct()];
            if (runs.Length == 0) { continue; }
            if (origin.IsFull && !distrusted.Contains(origin.Run)) { claims.Add((origin, runs)); }
            else { Notes.Add($"{ObjectKeys.Run(origin.Run)} says that it supersedes {runs.Length} runs, and no full key signed it: they count"); }
        }

        Dictionary<ObjectName, HashSet<ObjectName>> packs = PacksOf([.. claims.SelectMany(static c => c.Runs.Append(c.By.Run))]);
        foreach ((RunOrigin by, ObjectName[] runs) in claims)
        {
            foreach (ObjectName run in runs)
            {
                ObjectName lacking = packs[run].FirstOrDefault(p => !packs[by.Run].Contains(p) && IsStored(p));
                if (lacking == default) { leftOut.Add(run); }
                else
                {
                    Notes.Add($"{ObjectKeys.Run(by.Run)} says that it supersedes {ObjectKeys.Run(run)}, and lacks {ObjectKeys.Pack(lacking)}: "
                        + "both count");
                }
            }
        }

        return leftOut;
    }

    private bool IsStored(ObjectName pack)
    {
        try { return store.TryGetLength(ObjectKeys.Pack(pack), out _); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { return true; }
    }

    private Dictionary<ObjectName, HashSet<ObjectName>> PacksOf(HashSet<ObjectName> runs)
    {
        Dictionary<ObjectName, HashSet<ObjectName>> packs = runs.ToDictionary(static r => r, static _ => new HashSet<ObjectName>());
        if (runs.Count == 0) { return packs; }
        foreach (RunReader table in chunks.Runs)
        {
            HashSet<ObjectName>?[] of = [.. table.Origins().Select(o => packs.GetValueOrDefault(o.Run))];
            if (Array.TrueForAll(of, static o => o is null)) { continue; }
            foreach (RunPack pack in table.Packs()) { of[pack.Origin]?.Add(pack.Name); }
        }

        return packs;
    }
}
