using Varve.Format;
using Varve.Keys;
using Varve.Model;
using Varve.Store;

namespace Varve.Repositories;

/// <summary>Creating a repository, and finding the key slot that opens one.</summary>
internal static class RepositoryOpener
{
    internal sealed record Opened(RepositoryHeader Header, SecretBundle Bundle, ObjectName Slot, bool HeaderIntact);

    internal static IStore OpenStore(RepositoryLocation location) => new LocalStore(location.Path);

    internal static IStore CreateStore(RepositoryLocation location) => LocalStore.Create(location.Path);

    internal static bool Exists(IStore store) => store.TryGetLength(ObjectKeys.Header, out _) || store.List(ObjectKeys.Keys).Any();

    internal static void Create(IStore store, Credentials first, string label, RepositoryOptions options, Func<RepositoryHeader, RepositoryHeader>? shape = null)
    {
        if (Exists(store))
        {
            throw new VarveException(ErrorKind.Usage, $"there is a repository in {store.Description} already", "Choose another place, or use it as it is.");
        }

        if (store.List("").Any())
        {
            throw new VarveException(ErrorKind.Usage, $"{store.Description} is not empty", "Choose an empty or new directory for the repository.");
        }

        RepositoryHeader header = RepositoryHeader.Create(RepositoryId.Create(), Rfc3339.Of(options.Time.GetUtcNow()));
        if (shape is not null) { header = shape(header); }
        byte[] json = HeaderJson.Encode(header);
        SecretBundle bundle = SecretBundle.Create(header.Id, json);
        KeySlot slot = KeyRing.Wrap(bundle, first, label, header.Created);

        // The slot first: a header without a slot would look like a repository that nobody can open.
        store.Put(ObjectKeys.KeySlot(slot.Name), slot.Bytes.Span);
        if (!store.Put(ObjectKeys.Header, json))
        {
            throw new VarveException(ErrorKind.Busy, $"another process created a repository in {store.Description} at the same time", "Use that one, or choose another place.");
        }
    }

    internal static Opened Open(IStore store, Credentials credentials, RepositoryOptions options)
    {
        VarveException? headerDamage = null;
        RepositoryHeader? header = null;
        bool exists = true;
        try
        {
            if (store.Get(ObjectKeys.Header, Limits.MaxSmallObject) is { } json) { header = HeaderJson.Decode(json); }
            else
            {
                exists = false;
                headerDamage = VarveException.Damaged("the header 'varve'", "it is missing");
            }
        }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
        {
            headerDamage = e;
        }

        var damagedSlots = new List<VarveException>();
        var slots = ReadSlots(store, damagedSlots);
        if (!exists && slots.Count == 0 && damagedSlots.Count == 0)
        {
            throw new VarveException(ErrorKind.NoRepository, $"there is no repository in {store.Description}", $"Create one with: varve init -r {store.Description}");
        }

        foreach (VarveException e in damagedSlots) { options.Warn?.Invoke(e.Message); }
        if (slots.Count == 0)
        {
            throw new VarveException(ErrorKind.Damaged, $"no key slot of {store.Description} is readable", "Restore the objects below keys/ from a copy of the repository.");
        }

        (SecretBundle? bundle, ObjectName name) = TryOpen(slots, credentials);
        if (bundle is null) { throw WrongKey(store, credentials, slots); }
        RepositoryHeader copy = HeaderJson.Decode(bundle.HeaderJson);
        if (header is not null && header != copy)
        {
            // The copy is authenticated, the header is not: nobody without a key makes a writer cut other chunks, or cut none.
            headerDamage = VarveException.Damaged("the header 'varve'", header.Id == copy.Id ? "it differs from its copy in the key slot" : "it names another repository than the key slot");
        }

        if (headerDamage is null) { return new Opened(header!, bundle, name, true); }
        options.Warn?.Invoke(headerDamage.Message + "; its copy in the key slot is used for reading");
        return new Opened(copy, bundle, name, false);
    }

    internal static List<KeySlot> ReadSlots(IStore store, List<VarveException> damaged)
    {
        var slots = new List<KeySlot>();
        foreach (StoreObject item in store.List(ObjectKeys.Keys))
        {
            try
            {
                if (!ObjectKeys.TryName(item.Key, out ObjectName name)) { throw VarveException.Damaged(item.Key, "it is not named by a hash"); }
                if (store.Get(item.Key, Limits.MaxSmallObject) is { } bytes) { slots.Add(KeySlot.Parse(name, bytes)); }
            }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.Unsupported)
            {
                damaged.Add(e);
            }
        }

        return slots;
    }

    private static (SecretBundle? Bundle, ObjectName Slot) TryOpen(List<KeySlot> slots, Credentials credentials)
    {
        KeyFile? file = credentials.KeyFilePath is { } path ? KeyFile.Load(path) : null;
        (SecretBundle? Bundle, ObjectName Slot) best = default;
        foreach (KeySlot slot in slots)
        {
            SecretBundle? bundle = file is not null ? slot.TryOpen(file) : slot.TryOpen(credentials.Password!);
            if (bundle is not null && (best.Bundle is null || bundle.Level > best.Bundle.Level)) { best = (bundle, slot.Name); }
            if (best.Bundle?.Level == KeyLevel.Full) { break; }
        }

        return best;
    }

    private static VarveException WrongKey(IStore store, Credentials credentials, List<KeySlot> slots)
    {
        string methods = string.Join(" and ", slots.Select(static s => KeyRing.MethodName(s.Method)).Distinct());
        return credentials.KeyFilePath is { } path
            ? new VarveException(ErrorKind.WrongKey, $"the key file {path} opens no key slot of {store.Description} (its slots are for: {methods})", "Name the right one with --key-file, or give a password.")
            : new VarveException(ErrorKind.WrongKey, $"the password opens no key slot of {store.Description} (its slots are for: {methods})", "Check the password, or name a key file with --key-file.");
    }
}
