using System.Globalization;
using System.Runtime.CompilerServices;
using Varve.Format;
using Varve.Keys;
using Varve.Model;
using Varve.Platform;
using Varve.Store;
using Varve.Store.Lines;
using Varve.Store.Remote;
using Varve.Store.Sftp;

namespace Varve.Vault.Open;

/// <summary>Creating a repository, and finding the key slot that opens one.</summary>
internal static class RepositoryOpener
{
    private const string Uploads = "uploads";

    internal sealed record Opened(RepositoryHeader Header, SecretBundle Bundle, ObjectName Slot, bool HeaderIntact);

    internal static IStore OpenStore(RepositoryLocation location, RepositoryOptions? options = null)
    {
        if (location.IsRemote) { return OpenRemote(location, options, create: false); }
        var store = new LocalStore(location.Address);
        try
        {
            store.RefuseLinks(ObjectKeys.Directories);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Makes a store's directory, if the file system there can hold one.</summary>
    internal static IStore CreateStore(RepositoryLocation location, RepositoryOptions? options = null) =>
        location.IsRemote ? OpenRemote(location, options, create: true) : LocalStore.Create(location.Address);

    // By itself: what networks need is loaded when it is entered.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IStore OpenRemote(RepositoryLocation location, RepositoryOptions? options, bool create)
    {
        string? spool = options is null ? null : Path.Combine(options.CacheRoot, Uploads);
        TimeProvider time = options?.Time ?? TimeProvider.System;
        var limits = new LineLimits(RateLimit.Of(location.UploadLimit, time), RateLimit.Of(location.DownloadLimit, time));
        var retrying = new Retrying(location.WaitFor, options?.Retrying is not { } tell ? null : (failure, pause) =>
            tell(Notice.Of(failure, string.Create(CultureInfo.InvariantCulture, $"it is tried again in {Math.Ceiling(pause.TotalSeconds)} s"))),
            options?.Cancelled ?? default);
        if (location.Opener is { } open) { return open(new StoreOpening(create, spool, time, limits, retrying, options?.Warn)); }
        SshAddress address = location.Ssh!;
        var line = new SshLine(address, location.SshCommand, address.IsSftp ? null : location.ServeCommand,
            (options?.Host ?? HostEnvironment.OfProcess()).ProgramDirectories, limits);
        return address.IsSftp ? SftpStore.Open(line, address.ServedPath, location.Address, spool, create, time, retrying)
            : RemoteStore.Open(line, location.Address, spool, create, time, retrying);
    }

    internal static bool Exists(IStore store) => store.TryGetLength(ObjectKeys.Header, out _) || store.List(ObjectKeys.Keys).Any();

    /// <summary>Whether a repository lies there that has lost its header and all key slots: only a paper key opens it.</summary>
    internal static bool IsBare(IStore store) => store.List(ObjectKeys.Packs).Any() || store.List(ObjectKeys.Snapshots).Any();

    internal static void Create(IStore store, Credentials first, string label, RepositoryOptions options,
        Func<RepositoryHeader, RepositoryHeader>? shape = null)
    {
        bool used = store is LocalStore local ? local.HoldsOtherThan(ObjectKeys.Keys.TrimEnd('/')) : HoldsMoreThanKeys(store);
        if (store.TryGetLength(ObjectKeys.Header, out _) || (used && Exists(store)))
        {
            throw new VarveException(ErrorKind.Usage, Subject.Repository(store.Description), "is there already", Advice.UseAsItIs);
        }

        // Slots alone are what an init leaves that was killed, or what one has made so far that goes on beside this one: of their headers
        // one wins. Where a put may replace, nobody could tell the two apart.
        if (!used && !store.PutsOnce && store.List(ObjectKeys.Keys).Any())
        {
            throw new VarveException(ErrorKind.Usage, Subject.Repository(store.Description),
                "holds key slots and nothing else: another process is making it, or was killed when it did", Advice.RemoveSlots);
        }

        if (used)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Path(store.Description), "is not empty", Advice.ChooseEmptyDirectory);
        }

        RepositoryHeader header = RepositoryHeader.Create(RepositoryId.Create(), Rfc3339.Of(options.Time.GetUtcNow()));
        if (shape is not null) { header = shape(header); }
        byte[] json = HeaderJson.Encode(header);
        using SecretBundle secrets = SecretBundle.Create(header.Id, json), bundle = Identities.ForNewSlot(secrets, KeyLevel.Full, label);
        KeySlot slot = KeyRing.Wrap(bundle, first, label, header.Created, store.Description, warn: null); // opening it warns

        // The slot first: a header without a slot would look like a repository that nobody can open.
        string key = ObjectKeys.KeySlot(slot.Name);
        store.Put(key, slot.Bytes.Span);
        Gate.Pass(Gate.FirstSlotStored);
        if (FirstHeader.Put(store, slot, json, options.Time)) { return; }

        // Another won, whose slot was there before its header. Nobody has used this one, and nobody may: it opens what is not there. A key
        // file stays, new as it may be: another repository may have been made with it meanwhile (decision 0048).
        store.Delete(key);
        throw new VarveException(ErrorKind.Busy, Subject.Repository(store.Description),
            "was created by another process at the same time", Advice.UseAsItIs)
        { IsRetryable = false };
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

        // Before the key is looked at: where there is no repository, what is wrong with it does not matter.
        if (!exists && !store.List(ObjectKeys.Keys).Any())
        {
            if (IsBare(store))
            {
                throw new VarveException(ErrorKind.Damaged, Subject.Repository(store.Description),
                    "its header and all key slots are missing", Advice.ImportPaperKey);
            }

            throw new VarveException(ErrorKind.NoRepository, Subject.Repository(store.Description), "", Advice.CreateRepository);
        }

        if (!exists && !HoldsMoreThanKeys(store))
        {
            throw new VarveException(ErrorKind.NoRepository, Subject.Repository(store.Description),
                "holds nothing but key slots: it was not made to the end", Advice.CreateRepository);
        }

        var search = new SlotSearch(store, credentials, options);
        search.Run(header?.Id);

        foreach (VarveException e in search.Damaged) { options.Warn?.Invoke(Notice.Of(e)); }
        if (search.Slots.Count == 0)
        {
            throw new VarveException(ErrorKind.Damaged, Subject.Repository(store.Description), "no key slot is readable",
                Advice.RestoreKeySlots);
        }

        foreach (KeySlot foreign in search.Foreign)
        {
            Subject subject = Subject.Object(ObjectKeys.KeySlot(foreign.Name));
            options.Warn?.Invoke(new Notice(subject, "is of another repository, and is passed over"));
        }

        (SecretBundle? bundle, ObjectName name) = (search.Bundle, search.Slot);
        if (bundle is null) { throw WrongKey(store, credentials, search.Slots, header?.Id); }
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

    /// <summary>Whether there is something that is no key slot; what cannot be listed counts.</summary>
    private static bool HoldsMoreThanKeys(IStore store)
    {
        bool unreadable = false;
        return store.List("", _ => unreadable = true).Any(static o => !o.Key.StartsWith(ObjectKeys.Keys, StringComparison.Ordinal))
            || unreadable;
    }

    private static RepositoryHeader DecodeCopy(SecretBundle bundle, ObjectName slot)
    {
        try { return HeaderJson.Decode(bundle.HeaderJson); }
        catch (VarveException e) { throw e.At(Subject.Object(ObjectKeys.KeySlot(slot)).Within("the copy of the header")); }
    }

    private static VarveException WrongKey(IStore store, Credentials credentials, List<KeySlot> slots, RepositoryId? id)
    {
        if (credentials.Slot is { } spec)
        {
            return new VarveException(ErrorKind.WrongKey, Subject.Request($"'{spec}'"),
                $"is the label or the beginning of the name of no key slot of {store.Description} that this "
                + $"{(credentials.KeyFilePath is null ? "password" : "key file")} opens", Advice.ListKeys);
        }

        if (LostRepository.OriginOf(credentials.KeyFilePath) is { } origin && id is { } here && origin.Repository != here)
        {
            return new VarveException(ErrorKind.WrongKey, Subject.KeyFile(credentials.KeyFilePath!),
                $"is of the repository {origin.Repository}, which was at {origin.Place}; at {store.Description} is {here}",
                Advice.OtherKeyFile);
        }

        string methods = string.Join(" and ", slots.Select(static s => s.MethodName).Distinct());
        return credentials.KeyFilePath is { } path
            ? new VarveException(ErrorKind.WrongKey, Subject.KeyFile(path),
            $"opens no key slot of {store.Description} (its slots are for: {methods})", Advice.OtherKeyFile)
            : new VarveException(ErrorKind.WrongKey, Subject.Repository(store.Description),
            $"has no key slot that the password opens (its slots are for: {methods})", Advice.CheckPassword);
    }
}
