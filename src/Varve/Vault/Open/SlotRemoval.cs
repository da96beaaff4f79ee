using Varve.Format;
using Varve.Keys;
using Varve.Model;
using Varve.Platform;
using Varve.Store;

namespace Varve.Vault.Open;

/// <summary>
/// Removes a key slot, but never the last full one of the repository; slots of others, which an init may have left, do not count. Others
/// may remove slots at the same time, and none sees what the other is about to do: so each looks again after it has removed one, and puts
/// it back if no full one is left. Whoever looks last sees what all have removed. If two put theirs back, both stay.
/// </summary>
/// <param name="store">Where the slots lie.</param>
/// <param name="id">The repository.</param>
/// <param name="slot">The one to remove.</param>
/// <param name="named">What it was called.</param>
internal sealed class SlotRemoval(IStore store, RepositoryId id, KeySlot slot, string named)
{
    /// <summary>Throws if it is the last full one of those that were listed.</summary>
    internal void RequireAnother(IEnumerable<KeySlot> listed)
    {
        if (Counts(slot) && !listed.Any(IsAnother)) { throw Last(); }
    }

    internal void Run()
    {
        string key = ObjectKeys.KeySlot(slot.Name);
        Gate.Pass(Gate.SlotChosen);
        store.Delete(key);
        if (!Counts(slot)) { return; }
        Gate.Pass(Gate.SlotRemoved);
        bool isLast = true; // as far as can be seen: a listing that fails shows none
        try { isLast = !SlotSearch.ReadAll(store, []).Exists(IsAnother); }
        finally
        {
            if (isLast) { store.Put(key, slot.Bytes.Span); }
        }

        if (isLast) { throw Last(); }
    }

    private bool Counts(KeySlot any) => any.Level == KeyLevel.Full && any.RepositoryId == id;

    private bool IsAnother(KeySlot other) => Counts(other) && other.Name != slot.Name;

    private VarveException Last() => new(ErrorKind.Usage, Subject.Request($"'{named}'"),
        "is the last full key: without it nothing could be restored", Advice.AddKeyFirst);
}
