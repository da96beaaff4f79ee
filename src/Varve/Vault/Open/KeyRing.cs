using Varve.Format;
using Varve.Keys;
using Varve.Model;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Store;

namespace Varve.Vault.Open;

/// <summary>The key slots of a repository: list, add, replace, remove.</summary>
internal sealed class KeyRing(IStore store, SecretBundle bundle, ObjectName current, RepositoryOptions options)
{
    /// <summary>
    /// Slots that are tried for whether a password opens one already: others may have been planted, and take half a minute each.
    /// </summary>
    private const int MostTried = 64;

    private const int LeastDigits = 4;

    internal IReadOnlyList<KeySlotInfo> List() => [.. Own().Select(Info)];

    /// <summary>
    /// The slot whose name starts so, or whose label is that; the one in use for null.
    /// </summary>
    /// <exception cref="VarveException">NotFound, or Usage: several.</exception>
    internal KeySlotInfo Find(string? spec) => Info(Find(Slots(), spec));

    internal KeySlotInfo Add(KeyLevel level, Credentials credentials, string label)
    {
        if (OpenedBy(Own(), credentials) is { } twin) { throw Twice(twin, credentials); }
        return Info(Put(level, credentials, label, keepsIdentity: false));
    }

    /// <summary>
    /// Puts another password or key file in the place of a slot's own. The new slot is durable before the old one goes, so that one of the
    /// two opens at any moment. One that a call before this left behind, when it was cut off there, is taken for the new one.
    /// </summary>
    internal KeySlotInfo Replace(string? spec, Credentials credentials)
    {
        List<KeySlot> slots = Own();
        KeySlot old = Find(slots, spec);
        if (old.Level == KeyLevel.Full || old.Name != current)
        {
            Access.RequireFull(bundle.Level == KeyLevel.Full, "changing the key of others");
        }

        if (old.Method == KeyMethod.Password != credentials.Password is not null) { throw OtherMethod(Info(old)); }
        KeySlot? twin = OpenedBy(slots, credentials);
        if (twin is not null && (twin.Name == old.Name || twin.Level != old.Level || twin.Label != old.Label))
        {
            throw Twice(twin, credentials);
        }

        KeySlot slot = twin ?? Put(old.Level, credentials, old.Label, keepsIdentity: old.Name == current);
        string key = ObjectKeys.KeySlot(slot.Name);
        if (store.Get(key, Limits.MaxSmallObject) is not { } stored) { throw VarveException.Damaged(Subject.Object(key), "it is missing"); }
        try { _ = KeySlot.Parse(slot.Name, stored); }
        catch (VarveException e) { throw e.At(Subject.Object(key)); }

        new SlotRemoval(store, bundle.RepositoryId, old, old.Label).Run(); // somebody may be removing the new one
        Gate.Pass(Gate.KeyRemoved);
        return Info(slot) with { IsCurrent = old.Name == current };
    }

    /// <summary>
    /// Removes a slot. <paramref name="confirm"/> is asked when it is the one in use; false if it said no.
    /// </summary>
    internal bool Remove(string spec, Func<KeySlotInfo, bool>? confirm)
    {
        List<KeySlot> all = Slots();
        KeySlot slot = Find(all, spec);
        var removal = new SlotRemoval(store, bundle.RepositoryId, slot, spec);
        removal.RequireAnother(all);
        if (slot.Name == current && confirm is not null && !confirm(Info(slot))) { return false; }
        removal.Run();
        return true;
    }

    /// <summary>The slot that this password or key file opens already; null if none does.</summary>
    internal static KeySlot? OpenedBy(IReadOnlyList<KeySlot> slots, Credentials credentials)
    {
        ulong most = 4 * ScryptParameters.Default.Work; // one that takes longer is of no program of ours
        using KeyFile? file = credentials.KeyFilePath is { } path && File.Exists(path) ? KeyFile.Load(path) : null;
        if (file is null && credentials.Password is null) { return null; }
        foreach (KeySlot slot in slots.Where(s => s.Cost <= most).OrderBy(static s => s.Cost).Take(MostTried))
        {
            try
            {
                using SecretBundle? opened = file is not null ? slot.TryOpen(file) : slot.TryOpen(credentials.Password!);
                if (opened is not null) { return slot; }
            }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.Unsupported)
            {
                // Its own affair: it is listed, and opens nothing.
            }
        }

        return null;
    }

    /// <summary>The error for what opens a slot already.</summary>
    internal static VarveException Twice(KeySlot slot, Credentials credentials)
    {
        Subject subject = credentials.KeyFilePath is { } path ? Subject.KeyFile(path) : Subject.Request("the password");
        return new VarveException(ErrorKind.Usage, subject, $"opens key {Short(slot.Name)} already ({slot.Label})", Advice.ChooseOtherKey);
    }

    /// <summary>The error for a password in the place of a key file, and the other way round.</summary>
    internal static VarveException OtherMethod(KeySlotInfo slot)
    {
        string what = slot.Method == KeySlotJson.PasswordMethod ? "is opened by a password, and a key file does not replace that"
            : "is opened by a key file, and a password does not replace that";
        return new VarveException(ErrorKind.Usage, Subject.Request($"key {Short(slot.Name)} ({slot.Label})"), what, Advice.NameOtherKey);
    }

    /// <summary>
    /// Wraps a bundle under a password or a key file, which is created when it does not exist, and then says where the
    /// repository lies. The file, its name and the directories on
    /// the way to it are durable when this returns: what needs it comes after.
    /// </summary>
    internal static KeySlot Wrap(SecretBundle bundle, Credentials credentials, string label, string created, string place,
        Action<Notice>? warn)
    {
        if (credentials.Password is { } password) { return KeySlot.CreateWithPassword(bundle, password, label, created); }
        string path = credentials.KeyFilePath ?? throw new ArgumentException("neither password nor key file", nameof(credentials));
        using KeyFile file = File.Exists(path) ? KeyFile.Load(path, warn, sync: true)
            : Make(path, new KeyFileOrigin(bundle.RepositoryId, place));
        return KeySlot.CreateWithKeyFile(bundle, file, label, created);
    }

    /// <summary>A slot as users see it.</summary>
    internal static KeySlotInfo InfoOf(KeySlot slot, bool isCurrent) =>
        new(slot.Name, slot.Level, slot.MethodName, slot.Label, slot.Created, isCurrent);

    /// <summary>The identity of another slot is not known here: its machine gets a new one with its new key.</summary>
    private KeySlot Put(KeyLevel level, Credentials credentials, string label, bool keepsIdentity)
    {
        using SecretBundle? own = keepsIdentity ? null : Identities.ForNewSlot(bundle, level, label);
        KeySlot slot = Wrap(own ?? bundle, credentials, label, Rfc3339.Of(options.Time.GetUtcNow()), store.Description, options.Warn);
        store.Put(ObjectKeys.KeySlot(slot.Name), slot.Bytes.Span);
        Gate.Pass(Gate.KeyStored);
        return slot;
    }

    /// <summary>Those of this repository: an init that lost to another may have left one of its own.</summary>
    private List<KeySlot> Own() => Slots().FindAll(s => s.RepositoryId == bundle.RepositoryId);

    private List<KeySlot> Slots()
    {
        var damaged = new List<VarveException>();
        List<KeySlot> slots = SlotSearch.ReadAll(store, damaged);
        foreach (VarveException e in damaged) { options.Warn?.Invoke(Notice.Of(e)); }
        return [.. slots.OrderBy(static s => s.Created, StringComparer.Ordinal).ThenBy(static s => s.Name)];
    }

    private KeySlot Find(List<KeySlot> slots, string? spec)
    {
        List<KeySlot> hits = spec is null ? slots.FindAll(s => s.Name == current)
            : slots.FindAll(s => s.Label == spec
            || (spec.Length >= LeastDigits && s.Name.ToString().StartsWith(spec, StringComparison.Ordinal)));
        string named = spec is null ? "the key in use" : $"'{spec}'";
        return hits.Count switch
        {
            1 => hits[0],
            0 => throw new VarveException(ErrorKind.NotFound, Subject.Request(named),
                spec is null ? "is gone" : "is the label of no key slot, and no name starts with it", Advice.ListKeys),
            _ => throw new VarveException(ErrorKind.Usage, Subject.Request(named), $"fits {hits.Count} key slots", Advice.ListKeys),
        };
    }

    private static KeyFile Make(string path, KeyFileOrigin origin)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && DurableDirectory.Make(folder) is not 0 and var errno)
        {
            throw new VarveException(ErrorKind.Storage, Subject.KeyFile(path),
                $"cannot be written: {folder} cannot be made: {Errno.Message(errno)}", Advice.CheckDirectory);
        }

        KeyFile file = KeyFile.Create(origin);
        file.Save(path);
        return file;
    }

    private static string Short(ObjectName name) => name.ToString()[..8];

    private KeySlotInfo Info(KeySlot slot) => InfoOf(slot, slot.Name == current);
}
