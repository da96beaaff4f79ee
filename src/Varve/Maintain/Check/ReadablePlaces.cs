using Varve.Maintain.Findings;
using Varve.Model;
using Varve.Vault.Runs;

namespace Varve.Maintain.Check;

/// <summary>Whether a chunk can be read somewhere, as far as the check has looked.</summary>
internal sealed class ReadablePlaces(IndexSet index, HashSet<ObjectName> missing, CheckFindings report)
{
    /// <summary>Whether it is in a pack that is there, and of which it is not known that it cannot be read from it.</summary>
    internal bool Has(in ChunkId id, ObjectName except = default)
    {
        foreach (Lookup.ChunkPlace place in index.Places(id))
        {
            ObjectName pack = place.Pack.Name;
            if (pack != except && !IsUnreadable(pack, id)) { return true; }
        }

        return false;
    }

    /// <summary>Whether it is known that it cannot be read from a pack.</summary>
    internal bool IsUnreadable(ObjectName pack, in ChunkId id) => missing.Contains(pack) || report.IsBad(pack, id);
}
