using System.Diagnostics.CodeAnalysis;
using Varve.Chunk;
using Varve.Delta;
using Varve.Format;
using Varve.Keys;
using Varve.Lookup;
using Varve.Model;
using Varve.Seal;
using Varve.Store;
using Varve.Vault.Chunks;
using Varve.Vault.Open;
using Varve.Vault.Snapshots;

namespace Varve;

/// <summary>
/// An open repository: header, keys, and the stages wired to its store. Opening reads the header and the key slots, nothing else; index
/// runs are opened when the first chunk is looked up.
/// <para>Invariant 5: one damaged object never prevents opening. A damaged header is replaced by the copy in the key's bundle; a damaged
/// slot is passed over when another one opens; a damaged index run is made up for by pack footers.</para>
/// <para>Thread-safe after opening.</para>
/// </summary>
public sealed class Repository : IDisposable
{
    private readonly SecretBundle _secrets;
    private readonly KeyRing _keys;
    private readonly Lazy<IndexSet> _indexes;

    private Repository(IStore store, RepositoryHeader header, SecretBundle bundle, ObjectName slot, RepositoryOptions options,
        bool headerIntact)
    {
        Store = store;
        Header = header;
        _secrets = bundle;
        Options = options;
        HeaderIntact = headerIntact;
        CacheDirectory = Path.Combine(options.CacheRoot, header.Id.ToString());
        Hasher = new ChunkHasher(bundle.ChunkIdKey);
        Chunker = new Chunker(bundle.ChunkerKey, header.ChunkMin, header.ChunkAverage, header.ChunkMax);
        Objects = new ObjectSealer(header.Id, bundle.IndexKey);
        Content = new ContentSealer(header.Id, bundle.PublicKey, bundle.PrivateKey);
        _keys = new KeyRing(store, bundle, slot, options);
        SnapshotStore = new SnapshotStore(store, Objects, Content);
        Footers = new FooterReader(store, Objects);
        Blocks = new BlockReader(store, Content);
        _indexes = new Lazy<IndexSet>(() => IndexSet.Load(store, Objects, Footers, Path.Combine(CacheDirectory, "index"), options.Warn));
        ChunkSource = new ChunkSource(_indexes, Blocks, Hasher);
        MetaChunks = new MetaReader(ChunkSource);
    }

    /// <summary>The repository's random name, which never changes: 32 lower-case hexadecimal digits.</summary>
    public string Id => Header.Id.ToString();

    /// <summary>What the repository says of itself.</summary>
    internal RepositoryHeader Header { get; }

    /// <summary>What the key that opened it allows. With <see cref="KeyLevel.Write"/> only backups are possible.</summary>
    public KeyLevel Level => _secrets.Level;

    /// <summary>Where this machine keeps the repository's catalog.</summary>
    public string CatalogPath => Path.Combine(CacheDirectory, "catalog.db");

    /// <summary>Where it is, for messages: a path or URL, without secrets.</summary>
    public string Description => Store.Description;

    /// <summary>Options it was opened with.</summary>
    public RepositoryOptions Options { get; }

    internal IStore Store { get; }

    internal bool HeaderIntact { get; }

    internal string CacheDirectory { get; }

    internal ChunkHasher Hasher { get; }

    internal Chunker Chunker { get; }

    /// <summary>Seals and opens what every key does: index runs, snapshots, footers, lists.</summary>
    internal ObjectSealer Objects { get; }

    /// <summary>Seals what only the full key opens.</summary>
    internal ContentSealer Content { get; }

    internal SnapshotStore SnapshotStore { get; }

    internal FooterReader Footers { get; }

    internal IndexSet Indexes => _indexes.Value;

    internal ChunkIndex Chunks => _indexes.Value.Chunks;

    internal BlockReader Blocks { get; }

    /// <summary>Chunks for those who read content.</summary>
    internal IChunkSource ChunkSource { get; }

    /// <summary>Trees and lists.</summary>
    internal MetaReader MetaChunks { get; }

    /// <summary>Whether there is anything of a repository at that place.</summary>
    public static bool Exists(RepositoryLocation location)
    {
        if (!Directory.Exists(location.Path)) { return false; }
        IStore store = RepositoryOpener.OpenStore(location);
        try { return RepositoryOpener.Exists(store); }
        finally { (store as IDisposable)?.Dispose(); }
    }

    /// <summary>Creates a repository with one full key slot. If the key file does not exist it is created.</summary>
    /// <exception cref="VarveException">Usage if something is there already; Storage.</exception>
    public static Repository Init(RepositoryLocation location, Credentials first, string label, RepositoryOptions options) =>
        InOwn(RepositoryOpener.CreateStore(location), store => Init(store, first, label, options));

    /// <summary>Opens a repository.</summary>
    /// <exception cref="VarveException">NoRepository, WrongKey, Unsupported (newer version), Damaged (nothing left to open it with),
    /// Storage.</exception>
    public static Repository Open(RepositoryLocation location, Credentials credentials, RepositoryOptions options) =>
        InOwn(RepositoryOpener.OpenStore(location), store => Open(store, credentials, options));

    /// <summary>
    /// Creates a repository in a store of the caller's own, which must be empty and belongs to the repository from then on: it is disposed
    /// with it, if it can be.
    /// </summary>
    /// <inheritdoc cref="Init(RepositoryLocation, Credentials, string, RepositoryOptions)"/>
    [Experimental("VARVE001")]
    public static Repository Init(IStore store, Credentials first, string label, RepositoryOptions options)
    {
        RepositoryOpener.Create(store, first, label, options);
        return Open(store, first, options);
    }

    /// <summary>
    /// Opens the repository in a store of the caller's own, which belongs to it from then on: it is disposed with it, if it can be.
    /// </summary>
    /// <inheritdoc cref="Open(RepositoryLocation, Credentials, RepositoryOptions)"/>
    [Experimental("VARVE001")]
    public static Repository Open(IStore store, Credentials credentials, RepositoryOptions options)
    {
        RepositoryOpener.Opened opened = RepositoryOpener.Open(store, credentials, options);
        return new Repository(store, opened.Header, opened.Bundle, opened.Slot, options, opened.HeaderIntact);
    }

    /// <summary>A store that was opened here is let go of at once when no repository comes of it.</summary>
    private static Repository InOwn(IStore store, Func<IStore, Repository> open)
    {
        try { return open(store); }
        catch
        {
            (store as IDisposable)?.Dispose();
            throw;
        }
    }

    /// <summary>All readable snapshots by start time; unreadable ones go to <paramref name="damaged"/>.</summary>
    public IReadOnlyList<SnapshotInfo> Snapshots(Action<VarveException>? damaged = null) =>
        SnapshotStore.List(damaged ?? (e => Options.Warn?.Invoke(Notice.Of(e))));

    /// <summary>The key slots.</summary>
    public IReadOnlyList<KeySlotInfo> Keys() => _keys.List();

    /// <summary>Adds a slot for the same secrets; a key file that does not exist is created.</summary>
    public KeySlotInfo AddKey(KeyLevel level, Credentials credentials, string label)
    {
        RequireFull("adding a key");
        RequireWritable();
        return _keys.Add(level, credentials, label);
    }

    /// <summary>Removes the slot whose name starts so or whose label is that; never the last full one.</summary>
    public void RemoveKey(string spec)
    {
        RequireFull("removing a key");
        _keys.Remove(spec);
    }

    /// <summary>Which source a tree of this host is.</summary>
    internal Bytes32 SourceId(string host, ReadOnlySpan<byte> canonicalRoot) => SourceIdentity.Of(_secrets.ChunkIdKey, host, canonicalRoot);

    /// <summary>The keys of the side store of signatures.</summary>
    internal DeltaKeys DeltaKeys() => new(_secrets.ChunkIdKey);

    /// <summary>Throws WrongKey unless the key is a full one.</summary>
    internal void RequireFull(string what) => Access.RequireFull(Level == KeyLevel.Full, what);

    /// <summary>Throws unless the repository may be written to.</summary>
    internal void RequireWritable()
    {
        if (HeaderIntact) { return; }
        throw new VarveException(
            ErrorKind.Damaged, Subject.Object(ObjectKeys.Header, Description),
            "it is missing or not as it was written; reading works with the copy in the key slot, writing does not", Advice.RestoreHeader);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Blocks.Dispose();
        if (_indexes.IsValueCreated) { _indexes.Value.Dispose(); }
        (Store as IDisposable)?.Dispose();
        _secrets.Dispose();
    }
}
