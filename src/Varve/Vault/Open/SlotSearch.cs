using Varve.Format;
using Varve.Keys;
using Varve.Model;
using Varve.Store;

namespace Varve.Vault.Open;

/// <summary>
/// Finds the key slot that a password or key file opens. Whoever can write to the storage can plant slots, and each says itself how long it
/// takes to try: up to half a minute. So those come first that have opened the repository on this machine (<see cref="KnownSlots"/>); one
/// that opens is enough, and others are tried as far as they take no longer than it did. Without one, those that take least come first.
/// What opens a slot of another repository, which an init may have left that lost to another, serves only if no slot of this one opens.
/// Used by one thread.
/// </summary>
internal sealed class SlotSearch(IStore store, Credentials credentials, RepositoryOptions options)
{
    /// <summary>If there are more slots than this, and a known one opens, the others are not even read.</summary>
    private const int MostRead = 64;

    private const int LeastDigits = 4;

    /// <summary>How much longer than a slot of another repository those of this one may take, once it has opened.</summary>
    private const ulong Patience = 4;

    private readonly HashSet<ObjectName> _tried = [];
    private KeyFile? _file;
    private RepositoryId? _id;
    private int _worth;
    private VarveException? _failed, _beyondMemory;
    private bool _wasHeldAgainstOne;

    /// <summary>What opened; null if nothing did.</summary>
    internal SecretBundle? Bundle { get; private set; }

    /// <summary>The slot that did.</summary>
    internal ObjectName Slot { get; private set; }

    /// <summary>The slots that were read.</summary>
    internal List<KeySlot> Slots { get; } = [];

    /// <summary>Slots of other repositories, if what opened is of this one.</summary>
    internal IEnumerable<KeySlot> Foreign => Bundle is null || _id != Bundle.RepositoryId ? [] : Slots.Where(s => !IsOwn(s));

    /// <summary>Slots that are damaged, or that this program does not know.</summary>
    internal List<VarveException> Damaged { get; } = [];

    /// <summary>
    /// Looks for a slot. <paramref name="id"/>: the repository's id, as far as it is known. Throws what kept a slot from being tried, if
    /// no other opens. One that takes more memory than there is counts as one that does not open, with a warning; but if all do, that is
    /// thrown.
    /// </summary>
    internal void Run(RepositoryId? id)
    {
        _id = id;
        using KeyFile? file = _file = credentials.KeyFilePath is { } path ? KeyFile.Load(path, options.Warn) : null;
        List<ObjectName> known = id is { } named ? KnownSlots.Of(CacheOf(named)) : [];
        ulong spent = TryKnown(known);
        bool wasKnown = Bundle is not null;
        var keys = new List<string>();
        foreach (StoreObject item in store.List(ObjectKeys.Keys))
        {
            keys.Add(item.Key);
            if (wasKnown && keys.Count > MostRead) { break; }
        }

        if (keys.Count <= MostRead || !wasKnown)
        {
            foreach (string key in keys) { Read(key); }
            // The header is not authenticated: it may name another repository.
            if (!wasKnown) { spent += TryKnownOfOthers(id); }
            wasKnown = Bundle is not null;
            TryRest(wasKnown ? spent : ulong.MaxValue);
        }

        if (Bundle is null)
        {
            // Of a password that was held against some slot it can be said that it opens none. Anybody can plant one that takes a GiB.
            if (_failed is not null) { throw _failed; }
            if (_beyondMemory is not null && !_wasHeldAgainstOne) { throw _beyondMemory; }
            return;
        }

        // Found by itself, or after another that was tried in vain: first from now on.
        if (!wasKnown || _tried.Count > 1) { KnownSlots.Remember(CacheOf(Bundle.RepositoryId), known, Slot); }
    }

    /// <summary>Reads all slots; what is wrong with some is added to <paramref name="damaged"/>.</summary>
    internal static List<KeySlot> ReadAll(IStore store, List<VarveException> damaged)
    {
        var slots = new List<KeySlot>();
        foreach (StoreObject item in store.List(ObjectKeys.Keys))
        {
            if (TryRead(store, item.Key, damaged) is { } slot) { slots.Add(slot); }
        }

        return slots;
    }

    private static KeySlot? TryRead(IStore store, string key, List<VarveException> damaged)
    {
        try
        {
            ObjectName name = ObjectKeys.Name(key);
            return store.Get(key, Limits.MaxSmallObject) is { } bytes ? KeySlot.Parse(name, bytes) : null;
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.Unsupported)
        {
            damaged.Add(e.At(Subject.Object(key)));
            return null;
        }
    }

    private string CacheOf(RepositoryId id) => Path.Combine(options.CacheRoot, id.ToString());

    private void Read(string key)
    {
        if (Slots.Exists(s => ObjectKeys.KeySlot(s.Name) == key)) { return; }
        if (TryRead(store, key, Damaged) is { } slot) { Slots.Add(slot); }
    }

    /// <summary>Tries the known ones; what that cost.</summary>
    private ulong TryKnown(List<ObjectName> known)
    {
        ulong spent = 0;
        foreach (ObjectName name in known)
        {
            if (TryRead(store, ObjectKeys.KeySlot(name), []) is not { } slot) { continue; }
            Slots.Add(slot);
            if (!Fits(slot)) { continue; }
            spent += slot.Cost;
            if (Try(slot)) { break; }
        }

        return spent;
    }

    /// <summary>Tries those that are known by the repository that they say they are of.</summary>
    private ulong TryKnownOfOthers(RepositoryId? id)
    {
        ulong spent = 0;
        foreach (IGrouping<RepositoryId, KeySlot> group in
            Slots.Where(s => s.RepositoryId != id).GroupBy(static s => s.RepositoryId).ToList())
        {
            HashSet<ObjectName> known = [.. KnownSlots.Of(CacheOf(group.Key))];
            foreach (KeySlot slot in group.Where(s => known.Contains(s.Name) && Fits(s)))
            {
                spent += slot.Cost;
                if (Try(slot)) { return spent; }
            }
        }

        return spent;
    }

    /// <summary>The cheapest first; of those the one that is worth most, then the oldest.</summary>
    private int Compare(KeySlot a, KeySlot b)
    {
        int order = a.Cost.CompareTo(b.Cost);
        if (order == 0) { order = Worth(b).CompareTo(Worth(a)); }
        if (order == 0) { order = string.CompareOrdinal(a.Created, b.Created); }
        return order != 0 ? order : a.Name.CompareTo(b.Name);
    }

    private void TryRest(ulong budget)
    {
        List<KeySlot> rest = Slots.FindAll(s => !_tried.Contains(s.Name) && Fits(s));
        rest.Sort(Compare);
        int number = 0;
        foreach (KeySlot slot in rest)
        {
            number++;
            // Nothing is won by another slot of the same level.
            if (Worth(slot) <= _worth) { continue; }
            if (slot.Cost > budget) { return; }
            budget -= slot.Cost;
            options.TryingKeySlot?.Invoke(number, rest.Count);
            if (Try(slot) && !IsOwn(slot)) { budget = Math.Min(budget, Patience * slot.Cost); }
        }
    }

    /// <summary>Whether it may be meant.</summary>
    private bool Fits(KeySlot slot)
    {
        if (slot.Method != (_file is not null ? KeyMethod.KeyFile : KeyMethod.Password)) { return false; }
        return credentials.Slot is not { } spec || slot.Label == spec
            || (spec.Length >= LeastDigits && slot.Name.ToString().StartsWith(spec, StringComparison.Ordinal));
    }

    private bool IsOwn(KeySlot slot) => _id is not { } id || slot.RepositoryId == id;

    /// <summary>One of this repository is worth more than any other, whatever its level; a slot's texts are as its bundle's.</summary>
    private int Worth(KeySlot slot) => (slot.Level == KeyLevel.Full ? 2 : 1) + (IsOwn(slot) ? 2 : 0);

    private bool Try(KeySlot slot)
    {
        _tried.Add(slot.Name);
        try
        {
            SecretBundle? bundle = _file is not null ? slot.TryOpen(_file) : slot.TryOpen(credentials.Password!);
            _wasHeldAgainstOne = true;
            if (bundle is null) { return false; }
            if (Worth(slot) <= _worth)
            {
                bundle.Dispose();
                return false;
            }

            Bundle?.Dispose();
            (Bundle, Slot, _worth) = (Identities.Opened(bundle, slot.Name, slot.Label), slot.Name, Worth(slot));
            return true;
        }
        catch (VarveException e) when (e.Advice == Advice.FreeMemory)
        {
            var beyond = new VarveException(
                e.Kind, Subject.Object(ObjectKeys.KeySlot(slot.Name)), $"was not tried: {e.Message}", e.Advice, e);
            _beyondMemory ??= beyond;
            options.Warn?.Invoke(Notice.Of(beyond));
            return false;
        }
        catch (VarveException e)
        {
            // This says nothing of the others.
            _failed ??= e.At(Subject.Object(ObjectKeys.KeySlot(slot.Name)));
            return false;
        }
    }
}
