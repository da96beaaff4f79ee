using Varve.Format;
using Varve.Lookup;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Vault.Chunks;
using Varve.Vault.Objects;

namespace Varve.Maintain.Plan;

/// <summary>
/// The packs that runs name, each once. Where runs disagree on a pack, its footer decides. Not thread-safe.
/// </summary>
internal sealed class PackBook
{
    private readonly Dictionary<ObjectName, PackEntry> _packs = [];
    private readonly PackEntry?[][] _ofTable; // by table and its pack: the entry, if that is the listing that is gone by

    /// <param name="tables">The index.</param>
    /// <param name="rules">How packs and runs are used.</param>
    /// <param name="stored">The packs in the store, with their lengths.</param>
    /// <param name="footers">Reads footers.</param>
    /// <param name="isVerified">Whether a pack was read, and is what is listed.</param>
    internal PackBook(IReadOnlyList<RunReader> tables, PackRules rules, IReadOnlyDictionary<ObjectName, long> stored, FooterReader footers,
        Func<RunPack, bool> isVerified)
    {
        _ofTable = new PackEntry?[tables.Count][];
        for (int t = 0; t < tables.Count; t++)
        {
            PackUse[]? uses = rules.Of(tables[t]);
            IReadOnlyList<RunOrigin> origins = tables[t].Origins();
            _ofTable[t] = new PackEntry?[tables[t].PackCount];
            uint i = 0;
            foreach (RunPack pack in tables[t].Packs())
            {
                uint at = i++;
                PackUse use = uses?[at] ?? PackUse.None;
                if ((use & PackUse.LeftOut) != 0) { continue; }
                if (!_packs.TryGetValue(pack.Name, out PackEntry? entry) || (Differs(entry, pack) && IsTrue(pack, footers)))
                {
                    // Of several that say the same, the first is gone by.
                    entry = _packs[pack.Name] = Replace(entry, new PackEntry(pack, t)
                    {
                        IsThere = stored.TryGetValue(pack.Name, out long size) && size == pack.Size, IsBad = (use & PackUse.Last) != 0,
                    });
                    _ofTable[t][at] = entry;
                }

                RunOrigin origin = origins[(int)pack.Origin];
                entry.Runs.Add(origin);
                entry.IsTrusted |= entry.Listed.Listed == pack.Listed && (origin.IsFull || isVerified(pack));
            }
        }
    }

    /// <summary>All of them.</summary>
    internal IReadOnlyCollection<PackEntry> Packs => _packs.Values;

    /// <summary>Whether runs name a pack.</summary>
    internal bool TryGet(ObjectName name, out PackEntry? pack) => _packs.TryGetValue(name, out pack);

    /// <summary>The pack of a table, if that listing of it is the one that is gone by.</summary>
    internal PackEntry? Of(int table, uint pack) => _ofTable[table][pack];

    private static bool Differs(PackEntry entry, RunPack pack) =>
        entry.Listed.Listed != pack.Listed || entry.Size != pack.Size || entry.Kind != pack.Kind;

    // The listing that is gone by no longer.
    private PackEntry Replace(PackEntry? old, PackEntry entry)
    {
        if (old is null) { return entry; }
        PackEntry?[] of = _ofTable[old.Table];
        of[Array.IndexOf(of, old)] = null;
        entry.Runs.AddRange(old.Runs);
        return entry;
    }

    private static bool IsTrue(RunPack pack, FooterReader footers)
    {
        try
        {
            ReadOnlySpan<byte> footer = footers.Read(ObjectKeys.Pack(pack.Name), pack.Size, new FooterBuffers(), out PackKind kind);
            return PackVerifier.IsListed(in pack, pack.Size, kind, footer);
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound) { return false; }
    }
}
