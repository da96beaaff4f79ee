using Varve.Format;
using Varve.Lookup;
using Varve.Model;
using Varve.Seal;
using Varve.Store;

namespace Varve.Vault.Chunks;

/// <summary>
/// The packs whose chunks writers store again and readers read last: those that a prune has condemned, and those that are missing or
/// damaged. Not thread-safe: the index set's lock is held.
/// </summary>
internal sealed class AvoidedPacks(IStore store, ObjectSealer objects)
{
    private readonly HashSet<ObjectName> _condemned = [];
    private readonly HashSet<ObjectName> _avoided = [];

    /// <summary>Lists of condemned packs that could not be read.</summary>
    internal List<VarveException> Damaged { get; } = [];

    /// <summary>All of them, in a set of its own.</summary>
    internal HashSet<ObjectName> All() => [.. _condemned, .. _avoided];

    /// <summary>
    /// Reads the lists of condemned packs; whether any pack is. What is damaged is reported to <paramref name="warn"/>, not thrown.
    /// </summary>
    internal bool ReadCondemned(Action<Notice>? warn)
    {
        foreach (StoreObject item in store.List(ObjectKeys.Condemned))
        {
            try { _condemned.UnionWith(CondemnedList.Read(store, objects, item.Key).Packs); }
            catch (VarveException e) when (e.Kind == ErrorKind.NotFound) { /* lifted meanwhile */ }
            catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
            {
                Damaged.Add(e);
                warn?.Invoke(Notice.Of(e));
            }
        }

        return _condemned.Count > 0;
    }

    /// <summary>Adds one; false if it is known already.</summary>
    internal bool Add(ObjectName pack) => _avoided.Add(pack);

    /// <summary>Adds those that are missing or not as long as they should be; whether there are any. Lists all packs.</summary>
    internal bool AddMissing(IReadOnlyList<RunPack> packs)
    {
        var sizes = new Dictionary<ObjectName, long>();
        foreach (StoreObject item in store.List(ObjectKeys.Packs))
        {
            if (ObjectKeys.TryName(item.Key, out ObjectName name)) { sizes[name] = item.Length; }
        }

        bool any = false;
        foreach (RunPack pack in packs)
        {
            if (!sizes.TryGetValue(pack.Name, out long size) || size != pack.Size) { any |= _avoided.Add(pack.Name); }
        }

        return any;
    }
}
