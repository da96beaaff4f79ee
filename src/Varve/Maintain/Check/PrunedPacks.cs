using Varve.Maintain.Sessions;
using Varve.Vault.Runs;

namespace Varve.Maintain.Check;

/// <summary>
/// Which packs that are gone a prune has deleted, since the index was read or while it does its work: a list condemns them, or no run names
/// them any more. A prune removes packs, then runs, then the list; so lists are read before runs. Thread-safe.
/// </summary>
internal sealed class PrunedPacks(PruneRecords records, IndexSet index)
{
    private readonly Lock _lock = new();

    /// <summary>Those of packs that are gone.</summary>
    internal HashSet<ObjectName> Of(IReadOnlyCollection<ObjectName> gone)
    {
        if (gone.Count == 0) { return []; }
        lock (_lock)
        {
            HashSet<ObjectName> condemned = Condemned();
            index.ListAnew();
            HashSet<ObjectName> named = [.. index.Listings().Select(static l => l.Pack.Name)];
            return [.. gone.Where(p => condemned.Contains(p) || !named.Contains(p))];
        }
    }

    private HashSet<ObjectName> Condemned()
    {
        try { return [.. records.Lists().SelectMany(static l => l.Content.Packs)]; }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { return []; }
    }
}
