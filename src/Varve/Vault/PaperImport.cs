using Varve.Format;
using Varve.Keys;
using Varve.Model;
using Varve.Platform;
using Varve.Seal;
using Varve.Store;
using Varve.Vault.Chunks;
using Varve.Vault.Objects;
using Varve.Vault.Open;
using Varve.Vault.Snapshots;

namespace Varve.Vault;

/// <summary>
/// Makes a key slot of a paper key, and the header anew if it is not as the paper says. Needs neither header nor slots, and so has to make
/// sure that the place is one of the paper's repository before it writes there. The slot comes first: cut off between the two, the
/// repository can be read, and the same again completes it.
/// </summary>
internal sealed class PaperImport(IStore store, PaperKey paper, RepositoryOptions options)
{
    /// <summary>Objects of each kind that are tried for whether the paper opens one: some may be damaged.</summary>
    private const int MostTried = 16;

    internal KeyImportResult Run(Credentials credentials, string label)
    {
        using SecretBundle bundle = paper.ToBundle();
        RepositoryHeader own = HeaderJson.Decode(bundle.HeaderJson);
        RepositoryHeader? header = ReadHeader(out bool exists);
        List<KeySlot> slots = SlotSearch.ReadAll(store, []);
        bool intact = header == own;
        if (!intact) { RequireOwn(bundle, header, slots, exists); }

        KeySlot? twin = KeyRing.OpenedBy(slots, credentials);
        // With the header as it should be nothing was cut off: somebody adds a key twice.
        if (twin is not null && (intact || twin.Level != bundle.Level || twin.RepositoryId != bundle.RepositoryId))
        {
            throw KeyRing.Twice(twin, credentials);
        }

        using SecretBundle signing = Identities.ForNewSlot(bundle, bundle.Level, label);
        KeySlot slot = twin ?? KeyRing.Wrap(signing, credentials, label, Rfc3339.Of(options.Time.GetUtcNow()), store.Description,
            options.Warn);
        if (twin is null)
        {
            store.Put(ObjectKeys.KeySlot(slot.Name), slot.Bytes.Span);
            Gate.Pass(Gate.KeyStored);
        }

        if (!intact)
        {
            store.Replace(ObjectKeys.Header, bundle.HeaderJson);
            Gate.Pass(Gate.HeaderStored);
        }

        return new KeyImportResult(KeyRing.InfoOf(slot, isCurrent: false), twin is null, !intact);
    }

    /// <summary>The header; null if it is missing or damaged.</summary>
    private RepositoryHeader? ReadHeader(out bool exists)
    {
        exists = true;
        try
        {
            if (store.Get(ObjectKeys.Header, Limits.MaxSmallObject) is { } json) { return HeaderJson.Decode(json); }
            exists = false;
        }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { options.Warn?.Invoke(Notice.Of(e.At(Subject.Object(ObjectKeys.Header)))); }
        catch (VarveException e) when (e.Kind == ErrorKind.Unsupported) { throw e.At(Subject.Repository(store.Description)); }

        return null;
    }

    /// <summary>Throws unless something here is of the paper's repository.</summary>
    private void RequireOwn(SecretBundle bundle, RepositoryHeader? header, List<KeySlot> slots, bool exists)
    {
        if (header?.Id == bundle.RepositoryId || Opens(bundle, out bool any)) { return; }
        // A repository that has no snapshot yet, and has lost its header.
        if (!any && header is null && slots.Exists(s => s.RepositoryId == bundle.RepositoryId)) { return; }
        if (!any && !exists && slots.Count == 0)
        {
            throw new VarveException(ErrorKind.NoRepository, Subject.Repository(store.Description), "", Advice.CheckMount);
        }

        throw new VarveException(ErrorKind.WrongKey, Subject.Repository(store.Description),
            $"holds nothing that this paper key opens, which is of repository {bundle.RepositoryId}", Advice.OtherPaperKey);
    }

    /// <summary>Whether the secrets open something; <paramref name="any"/>: whether there is something that they could.</summary>
    private bool Opens(SecretBundle bundle, out bool any)
    {
        var objects = new ObjectSealer(bundle.RepositoryId, bundle.IndexKey);
        var content = new ContentSealer(bundle.RepositoryId, bundle.PublicKey, bundle.PrivateKey);
        var records = new RecordSealer(objects, content, signer: null, new SignatureVerifier(bundle.RepositoryId, bundle.IssuingKey));
        var snapshots = new SnapshotStore(
            store, records, new NoteStore(store, records, static () => null), new FenceStore(store, records, null), static () => null, null);
        var footers = new FooterReader(store, objects);
        any = false;
        foreach ((string prefix, Action<ObjectName, long> read) in ((string, Action<ObjectName, long>)[])
            [(ObjectKeys.Snapshots, (name, _) => snapshots.Read(name)), (ObjectKeys.Packs, (name, size) => footers.Read(name, size))])
        {
            foreach (StoreObject item in store.List(prefix).Take(MostTried))
            {
                any = true;
                try
                {
                    read(ObjectKeys.Name(item.Key), item.Length);
                    return true;
                }
                catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound or ErrorKind.Unsupported)
                {
                    // Of another repository, or damaged: the next one tells.
                }
            }
        }

        return false;
    }
}
