using Varve.Format;
using Varve.Keys;
using Varve.Model;
using Varve.Store;

namespace Varve.Vault.Open;

/// <summary>Creating a repository, and finding the key slot that opens one.</summary>
internal static class RepositoryOpener
{
    internal sealed record Opened(RepositoryHeader Header, SecretBundle Bundle, ObjectName Slot, bool HeaderIntact);

    internal static IStore OpenStore(RepositoryLocation location) => new LocalStore(location.Path);

    internal static IStore CreateStore(RepositoryLocation location) => LocalStore.Create(location.Path);

    internal static bool Exists(IStore store) => store.TryGetLength(ObjectKeys.Header, out _) || store.List(ObjectKeys.Keys).Any();

    internal static void Create(IStore store, Credentials first, string label, RepositoryOptions options,
        Func<RepositoryHeader, RepositoryHeader>? shape = null)
    {
        if (Exists(store))
        {
            throw new VarveException(ErrorKind.Usage, Subject.Repository(store.Description), "is there already", Advice.UseAsItIs);
        }

        if (store.List("").Any())
        {
            throw new VarveException(ErrorKind.Usage, Subject.Path(store.Description), "is not empty", Advice.ChooseEmptyDirectory);
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
            throw new VarveException(ErrorKind.Busy, Subject.Repository(store.Description),
                "was created by another process at the same time", Advice.UseAsItIs)
            { IsRetryable = false };
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
                headerDamage = VarveException.Damaged(Subject.Object(ObjectKeys.Header), "it is missing");
            }
        }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { headerDamage = e.At(Subject.Object(ObjectKeys.Header)); }
        catch (VarveException e) when (e.Kind == ErrorKind.Unsupported) { throw e.At(Subject.Repository(store.Description)); }

        var damagedSlots = new List<VarveException>();
        var slots = ReadSlots(store, damagedSlots);
        if (!exists && slots.Count == 0 && damagedSlots.Count == 0)
        {
            throw new VarveException(ErrorKind.NoRepository, Subject.Repository(store.Description), "", Advice.CreateRepository);
        }

        foreach (VarveException e in damagedSlots) { options.Warn?.Invoke(Notice.Of(e)); }
        if (slots.Count == 0)
        {
            throw new VarveException(ErrorKind.Damaged, Subject.Repository(store.Description), "no key slot is readable",
                Advice.RestoreKeySlots);
        }

        (SecretBundle? bundle, ObjectName name) = TryOpen(slots, credentials);
        if (bundle is null) { throw WrongKey(store, credentials, slots); }
        RepositoryHeader copy = DecodeCopy(bundle, name);
        if (header is not null && header != copy)
        {
            // The copy is authenticated, the header is not: nobody without a key makes a writer cut other chunks, or cut none.
            headerDamage = VarveException.Damaged(Subject.Object(ObjectKeys.Header), header.Id == copy.Id
                ? "it differs from its copy in the key slot" : "it names another repository than the key slot");
        }

        if (headerDamage is null) { return new Opened(header!, bundle, name, true); }
        options.Warn?.Invoke(Notice.Of(headerDamage, "its copy in the key slot is used for reading"));
        return new Opened(copy, bundle, name, false);
    }

    internal static List<KeySlot> ReadSlots(IStore store, List<VarveException> damaged)
    {
        var slots = new List<KeySlot>();
        foreach (StoreObject item in store.List(ObjectKeys.Keys))
        {
            try
            {
                if (!ObjectKeys.TryName(item.Key, out ObjectName name))
                {
                    throw VarveException.Damaged(Subject.Object(item.Key), "it is not named by a hash");
                }
                if (store.Get(item.Key, Limits.MaxSmallObject) is { } bytes) { slots.Add(KeySlot.Parse(name, bytes)); }
            }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.Unsupported)
            {
                damaged.Add(e.At(Subject.Object(item.Key)));
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
            SecretBundle? bundle = TryOpen(slot, file, credentials.Password);
            if (bundle is not null && (best.Bundle is null || bundle.Level > best.Bundle.Level)) { best = (bundle, slot.Name); }
            if (best.Bundle?.Level == KeyLevel.Full) { break; }
        }

        return best;
    }

    private static SecretBundle? TryOpen(KeySlot slot, KeyFile? file, string? password)
    {
        try { return file is not null ? slot.TryOpen(file) : slot.TryOpen(password!); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { throw e.At(Subject.Object(ObjectKeys.KeySlot(slot.Name))); }
    }

    private static RepositoryHeader DecodeCopy(SecretBundle bundle, ObjectName slot)
    {
        try { return HeaderJson.Decode(bundle.HeaderJson); }
        catch (VarveException e) { throw e.At(Subject.Object(ObjectKeys.KeySlot(slot)).Within("the copy of the header")); }
    }

    private static VarveException WrongKey(IStore store, Credentials credentials, List<KeySlot> slots)
    {
        string methods = string.Join(" and ", slots.Select(static s => KeyRing.MethodName(s.Method)).Distinct());
        return credentials.KeyFilePath is { } path
            ? new VarveException(ErrorKind.WrongKey, Subject.KeyFile(path),
            $"opens no key slot of {store.Description} (its slots are for: {methods})", Advice.OtherKeyFile)
            : new VarveException(ErrorKind.WrongKey, Subject.Repository(store.Description),
            $"has no key slot that the password opens (its slots are for: {methods})", Advice.CheckPassword);
    }
}
