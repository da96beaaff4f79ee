using Varve.Maintain.Findings;
using Varve.Format;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Vault.Chunks;
using Varve.Vault.Objects;
using Varve.Vault.Runs;

namespace Varve.Maintain.Check;

/// <summary>
/// Of packs that are damaged or missing, those of which nothing is lost, because all that cannot be read from them has been stored anew:
/// they are no damage any more. Damaged packs are avoided by the index, so it leads to another occurrence of a chunk if there is one.
/// </summary>
internal sealed class HealedPacks(IndexSet index, HashSet<ObjectName> missing, ReadablePlaces places, CheckFindings report)
{
    private readonly Dictionary<ObjectName, bool> _isHealed = [];

    /// <summary>Looks at all of them; those that are healed leave the damages. Reads the index, no pack.</summary>
    internal void Run(HashSet<ObjectName> damaged)
    {
        if (damaged.Count == 0) { return; }
        HashSet<ObjectName> bad = [.. report.BadPacks()];
        index.Chunks.ForEach((in ChunkId id, in ChunkLocation location) =>
        {
            ObjectName pack = location.Block.Pack;
            if (!damaged.Contains(pack)) { return; }
            // Of one that is there, only what could not be read is lost; if all could be, it is doubtful as a whole.
            bool isLost = missing.Contains(pack) || !bad.Contains(pack) || report.IsBad(pack, id);
            if (isLost) { _isHealed[pack] = _isHealed.GetValueOrDefault(pack, true) && places.Has(id, except: pack); }
        });

        // What a false pack says that it holds it never held: only what somebody needs is lacking, and that was told.
        foreach (ObjectName pack in report.FalsePacks()) { _isHealed[pack] = true; }

        foreach ((ObjectName pack, bool isHealed) in _isHealed)
        {
            if (isHealed) { report.Heal(Subject.Object(ObjectKeys.Pack(pack))); }
        }
    }
}
