using Varve.Format;
using Varve.Lookup;
using Varve.Model;
using Varve.Seal;
using Varve.Store;
using Varve.Tree;
using Varve.Vault.Objects;

namespace Varve.Vault.Avoid;

/// <summary>
/// The packs whose chunks writers store again and readers read last: those that a prune has condemned, those that are missing or damaged,
/// and those of which a chunk was found to be false. Not thread-safe: the index set's lock is held.
/// </summary>
internal sealed class AvoidedPacks(IStore store, RecordSealer records, IReadOnlySet<ObjectName> alsoFalse, Action<Notice>? warn)
{
    private readonly OneTimeNotices _notices = new(warn);
    private readonly HashSet<ObjectName> _condemned = [];
    private readonly HashSet<ObjectName> _avoided = [];

    /// <summary>Lists of condemned packs that could not be read.</summary>
    internal List<VarveException> Damaged { get; } = [];

    /// <summary>Whether any list was found when they were listed last, readable or not.</summary>
    internal bool AnyCondemned { get; private set; }

    /// <summary>All of them, in a set of its own.</summary>
    internal HashSet<ObjectName> All() => [.. _condemned, .. _avoided, .. alsoFalse];

    /// <summary>
    /// Lists the lists of condemned packs anew (<c>writer_lists_condemned</c>). What is damaged is reported, not thrown; what no
    /// full key signed is reported, and counts for nothing.
    /// </summary>
    internal void ReadCondemned()
    {
        _condemned.Clear();
        Damaged.Clear();
        AnyCondemned = false;
        foreach (StoreObject item in store.List(ObjectKeys.Condemned, Report))
        {
            try
            {
                (CondemnedPacks? list, bool counts) =
                    SignedRecord.Read(store, records, RecordKind.Condemned, item.Key, CondemnedCodec.Decode);
                if (counts)
                {
                    AnyCondemned = true;
                    _condemned.UnionWith(list!.Packs);
                }
                else { _notices.Tell(item.Key, SignedRecord.Disregarded(item.Key)); }
            }
            catch (VarveException e) when (e.Kind == ErrorKind.NotFound) { /* lifted meanwhile */ }
            catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { Report(e); }
        }

        void Report(VarveException e)
        {
            AnyCondemned = true;
            Damaged.Add(e);
            _notices.Tell(e.Subject.Name, Notice.Of(e));
        }
    }

    /// <summary>Throws Damaged if a list of condemned packs could not be read.</summary>
    internal void RequireCondemnedKnown()
    {
        if (Damaged is not [{ } first, ..]) { return; }
        throw new VarveException(
            ErrorKind.Damaged, first.Subject,
            $"{first.What}; which packs are about to be deleted is not known, so nothing can be written that relies on them",
            Advice.RemoveCondemned, first);
    }

    /// <summary>Whether a pack is one of them.</summary>
    internal bool Contains(ObjectName pack) => _avoided.Contains(pack) || _condemned.Contains(pack) || alsoFalse.Contains(pack);

    /// <summary>Whether a list condemns a pack, as they were listed last.</summary>
    internal bool IsCondemned(ObjectName pack) => _condemned.Contains(pack);

    /// <summary>Adds one; false if it is known already.</summary>
    internal bool Add(ObjectName pack) => _avoided.Add(pack);

    /// <summary>
    /// Adds those that are missing, or of another length than any run says; whether there are any. Lists all packs. Those whose directory
    /// cannot be listed may be there: a reader finds out.
    /// </summary>
    internal bool AddMissing(IReadOnlyList<RunPack> packs)
    {
        var sizes = new Dictionary<ObjectName, long>();
        var unreadable = new List<string>();
        foreach (StoreObject item in store.List(ObjectKeys.Packs, e => unreadable.Add(e.Subject.Name)))
        {
            if (ObjectKeys.TryName(item.Key, out ObjectName name)) { sizes[name] = item.Length; }
        }

        bool any = false;
        HashSet<ObjectName> whole =
            [.. packs.Where(p => sizes.TryGetValue(p.Name, out long size) && size == p.Size).Select(static p => p.Name)];
        foreach (RunPack pack in packs)
        {
            if (whole.Contains(pack.Name)) { continue; }
            if (!sizes.ContainsKey(pack.Name))
            {
                string key = ObjectKeys.Pack(pack.Name);
                if (unreadable.Exists(d => key.StartsWith(d, StringComparison.Ordinal))) { continue; }
            }

            any |= _avoided.Add(pack.Name);
        }

        return any;
    }
}
