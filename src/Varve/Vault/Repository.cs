using System.Diagnostics.CodeAnalysis;
using Varve.Chunk;
using Varve.Delta;
using Varve.Format;
using Varve.Keys;
using Varve.Lookup;
using Varve.Model;
using Varve.Platform.Files;
using Varve.Seal;
using Varve.Store;
using Varve.Tree;
using Varve.Vault;
using Varve.Vault.Chunks;
using Varve.Vault.Objects;
using Varve.Vault.Open;
using Varve.Vault.Runs;
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
    private int _hasLooked;
    private readonly Lazy<IndexSet> _indexes;
    private readonly Lazy<PrivateDirectory> _cache;
    private readonly Lazy<RecordCache?> _kept;

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
        ObjectSigner? signer = Identities.SignerOf(bundle);
        var signatures = new SignatureVerifier(header.Id, bundle.IssuingKey);
        Records = new RecordSealer(Objects, Content, signer, signatures);
        _kept = new Lazy<RecordCache?>(OpenKept);
        Notes = new NoteStore(store, Records, () => _kept.Value);
        Fences = new FenceStore(store, Records, options.Warn);
        SnapshotStore = new SnapshotStore(store, Records, Notes, Fences, () => _kept.Value, options.Warn);
        Footers = new FooterReader(store, Objects);
        Blocks = new BlockReader(store, Content);
        _cache = new Lazy<PrivateDirectory>(
            () => PrivateDirectory.Open(CacheDirectory, Subject.Cache(CacheDirectory), Advice.ChooseCache));
        RunStore = new RunStore(store, Objects, signer, signatures);
        _indexes = new Lazy<IndexSet>(OpenIndex);
        Packs = new PackVerifier(store, Footers, Blocks, Hasher);
        ChunkSource = new ChunkSource(_indexes, Blocks, Packs, Hasher);
        MetaChunks = new MetaReader(ChunkSource);
    }

    /// <summary>The repository's random name, which never changes: 32 lower-case hexadecimal digits.</summary>
    public string Id => Header.Id.ToString();

    /// <summary>What the repository says of itself.</summary>
    internal RepositoryHeader Header { get; }

    /// <summary>What the key that opened it allows. With <see cref="KeyLevel.Write"/> only backups are possible.</summary>
    public KeyLevel Level => _secrets.Level;

    /// <summary>As whom the key in use signs; null for one that is older than identities.</summary>
    internal WriterIdentity? Writer => Records.Writer;

    /// <summary>Where this machine keeps the repository's catalog.</summary>
    public string CatalogPath => Path.Combine(CacheDirectory, "catalog.db");

    /// <summary>Where it is, for messages: a path or URL, without secrets.</summary>
    public string Description => Store.Description;

    /// <summary>Options it was opened with.</summary>
    public RepositoryOptions Options { get; }

    /// <summary>One backup at a time: what one has taken on and not stored yet must not be relied on by another.</summary>
    internal SemaphoreSlim BackupTurn { get; } = new(1, 1);

    internal IStore Store { get; }

    internal bool HeaderIntact { get; }

    internal string CacheDirectory { get; }

    /// <summary>
    /// The cache directory, made if need be and looked at once, when it is first asked for: so is whatever opens something in it by path.
    /// </summary>
    /// <exception cref="VarveException">Storage: it cannot be made, or is not for this user alone.</exception>
    internal PrivateDirectory Cache => _cache.Value;

    internal ChunkHasher Hasher { get; }

    internal Chunker Chunker { get; }

    /// <summary>Seals and opens what every key does: index runs, snapshots, footers, lists.</summary>
    internal ObjectSealer Objects { get; }

    /// <summary>Seals what only the full key opens.</summary>
    internal ContentSealer Content { get; }

    /// <summary>Seals, signs and opens snapshots and notes.</summary>
    internal RecordSealer Records { get; }

    internal SnapshotStore SnapshotStore { get; }

    /// <summary>What is said of lineages and snapshots.</summary>
    internal NoteStore Notes { get; }

    /// <summary>Which sessions were taken for dead.</summary>
    internal FenceStore Fences { get; }

    internal FooterReader Footers { get; }

    /// <summary>The index runs, stored and opened.</summary>
    internal RunStore RunStore { get; }

    internal IndexSet Indexes => _indexes.Value;

    /// <summary>The index opened for one who needs it as it is now, and to stay so: the caller disposes it.</summary>
    internal IndexSet OpenIndex() => IndexSet.Load(Store, Records, RunStore, Footers, Cache, Options.Warn, Options.Cancelled);

    /// <summary>
    /// Reads the index now and not when it is first needed: without a cache that takes minutes, in which nobody can be told to stop.
    /// </summary>
    internal void LoadIndex() => _ = _indexes.Value;

    internal ChunkIndex Chunks => _indexes.Value.Chunks;

    internal BlockReader Blocks { get; }

    /// <summary>Tells what packs are worth.</summary>
    internal PackVerifier Packs { get; }

    /// <summary>Chunks for those who read content.</summary>
    internal IChunkSource ChunkSource { get; }

    /// <summary>Trees and lists.</summary>
    internal MetaReader MetaChunks { get; }

    /// <summary>Whether there is anything of a repository at that place.</summary>
    public static bool Exists(RepositoryLocation location)
    {
        if (!location.IsRemote && !Directory.Exists(location.Address)) { return false; }
        IStore store;
        try { store = RepositoryOpener.OpenStore(location); }
        catch (VarveException e) when (location.IsRemote && e.Kind == ErrorKind.NoRepository) { return false; }

        try { return RepositoryOpener.Exists(store) || RepositoryOpener.IsBare(store); }
        finally { (store as IDisposable)?.Dispose(); }
    }

    /// <summary>
    /// Creates a repository with one full key slot. If the key file does not exist it is created. This machine remembers the place.
    /// </summary>
    /// <exception cref="VarveException">Usage if something is there already; Storage.</exception>
    public static Repository Init(RepositoryLocation location, Credentials first, string label, RepositoryOptions options) =>
        Known(InOwn(RepositoryOpener.CreateStore(location, options), store => Init(store, first, label, options)), location);

    /// <summary>
    /// Opens a repository. This machine remembers the place: if the repository is not there later, the error says what was; if another one
    /// is, a warning does.
    /// </summary>
    /// <exception cref="VarveException">NoRepository, WrongKey, Unsupported (newer version), Damaged (nothing left to open it with),
    /// Storage.</exception>
    public static Repository Open(RepositoryLocation location, Credentials credentials, RepositoryOptions options)
    {
        try { return Known(InOwn(RepositoryOpener.OpenStore(location, options), store => Open(store, credentials, options)), location); }
        catch (VarveException e) when (e.Kind == ErrorKind.NoRepository
            && LostRepository.At(location.FullPath, options, credentials.KeyFilePath) is { } lost)
        {
            throw lost;
        }
    }

    /// <summary>
    /// What this machine's cache, or a key file, remembers of a repository that was at a place, as the error that tells it; null if nothing
    /// is remembered. Where something is, nobody should create another repository without being told to: its disk may not be mounted.
    /// <paramref name="orAnywhere"/>: also that the key file is there, whatever place it is of.
    /// </summary>
    public static VarveException? LostAt(
        RepositoryLocation location, RepositoryOptions options, string? keyFile, bool orAnywhere = false) =>
        orAnywhere ? LostRepository.Of(location.FullPath, options, keyFile) : LostRepository.At(location.FullPath, options, keyFile);

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

    private static Repository Known(Repository repository, RepositoryLocation location)
    {
        KnownPlaces.Remember(repository.Options, repository.Header.Id, location.FullPath);
        return repository;
    }

    /// <summary>
    /// Makes a key slot of a paper key. Neither header nor key slots need be there: a header that is missing, or is not what the paper
    /// says, is written anew, so that everything works again that worked before. A key file that does not exist is created.
    /// </summary>
    /// <exception cref="VarveException">WrongKey: it is of another repository. NoRepository. Usage: the password or key file opens a slot
    /// already. Storage.</exception>
    internal static KeyImportResult ImportKey(
        RepositoryLocation location, PaperKey paper, Credentials credentials, string label, RepositoryOptions options)
    {
        IStore store = RepositoryOpener.OpenStore(location, options);
        try { return new PaperImport(store, paper, options).Run(credentials, label); }
        finally { (store as IDisposable)?.Dispose(); }
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

    /// <summary>
    /// All readable snapshots: those of a source by generation, then by start; sources among each other by start. Unreadable ones go to
    /// <paramref name="damaged"/>.
    /// </summary>
    public IReadOnlyList<SnapshotInfo> Snapshots(Action<VarveException>? damaged = null) =>
        SnapshotStore.List(damaged ?? (e => Options.Warn?.Invoke(Notice.Of(e))));

    /// <summary>The key slots.</summary>
    internal IReadOnlyList<KeySlotInfo> Keys() => _keys.List();

    /// <summary>The key slot whose name starts so, or whose label is that; for null the one in use.</summary>
    /// <exception cref="VarveException">NotFound. Usage: several.</exception>
    internal KeySlotInfo FindKey(string? spec) => _keys.Find(spec);

    /// <summary>Adds a slot for the same secrets; a key file that does not exist is created.</summary>
    /// <exception cref="VarveException">Usage: the password or key file opens a slot already.</exception>
    internal KeySlotInfo AddKey(KeyLevel level, Credentials credentials, string label)
    {
        RequireFull("adding a key");
        RequireWritable();
        return _keys.Add(level, credentials, label);
    }

    /// <summary>
    /// Puts another password in the place of that of a slot, or another key file, of the same level and label: of the one in use for null.
    /// At no moment does neither open the repository.
    /// </summary>
    /// <exception cref="VarveException">WrongKey: needs the full key. Usage: the slot has no password, or no key file; the new one opens a
    /// slot already. NotFound: there is no such slot.</exception>
    internal KeySlotInfo ReplaceKey(string? spec, Credentials credentials)
    {
        RequireWritable();
        return _keys.Replace(spec, credentials);
    }

    /// <summary>
    /// Removes the slot whose name starts so or whose label is that; never the last full one. <paramref name="confirm"/> is asked when it
    /// is the one in use; false if it said no.
    /// </summary>
    internal bool RemoveKey(string spec, Func<KeySlotInfo, bool>? confirm = null)
    {
        RequireFull("removing a key");
        return _keys.Remove(spec, confirm);
    }

    /// <summary>The secrets of the repository as text for paper, which opens it without header and key slots.</summary>
    /// <exception cref="VarveException">WrongKey: the key in use has not that level.</exception>
    internal PaperKey ExportKey(KeyLevel level)
    {
        if (level == KeyLevel.Full) { RequireFull("a paper key of level full"); }
        using SecretBundle? lower = level < Level ? _secrets.ToWriteLevel() : null;
        return PaperKey.Of(lower ?? _secrets);
    }

    /// <summary>Which source a tree of this host is.</summary>
    internal Bytes32 SourceId(string host, ReadOnlySpan<byte> canonicalRoot) => SourceIdentity.Of(_secrets.ChunkIdKey, host, canonicalRoot);

    /// <summary>What this key's slot records of a source.</summary>
    internal Lineage OwnLineage(Bytes32 source) => new(source, Writer?.Uid ?? default);

    /// <summary>The history that this host's tree at a root is recorded in, with the key in use.</summary>
    internal Bytes32 HistoryOf(ReadOnlySpan<byte> canonicalRoot) =>
        SnapshotStore.Sources.Of(OwnLineage(SourceId(Options.Host.Name, canonicalRoot)));

    /// <summary>The keys of the side store of signatures.</summary>
    internal DeltaKeys DeltaKeys() => new(_secrets.ChunkIdKey);

    /// <summary>Throws unless what lies in the cache can be believed: nobody else can have put it there.</summary>
    /// <exception cref="VarveException">Storage.</exception>
    internal void RequirePrivateCache() => _ = Cache;

    /// <summary>Without a cache that can be used snapshots and notes are got from the store and opened each time.</summary>
    private RecordCache? OpenKept()
    {
        try { return new RecordCache(Cache, CacheSeals.Of(_secrets)); }
        catch (VarveException e) when (e.Kind == ErrorKind.Storage) { return null; }
    }

    /// <summary>Throws WrongKey unless the key is a full one.</summary>
    internal void RequireFull(string what) => Access.RequireFull(Level == KeyLevel.Full, what);

    /// <summary>
    /// Throws unless the repository may be written to. Warns, the first time, if what this machine made last is not there any more.
    /// </summary>
    internal void RequireWritable()
    {
        if (!HeaderIntact)
        {
            throw new VarveException(
                ErrorKind.Damaged, Subject.Object(ObjectKeys.Header, Description),
                "it is missing or not as it was written; reading works with the copy in the key slot, writing does not",
                Advice.RestoreHeader);
        }

        if (Interlocked.Exchange(ref _hasLooked, 1) != 0) { return; }
        IReadOnlyList<ObjectName> missing = MissingNewest();
        if (missing.Count > 0) { Options.Warn?.Invoke(MissingSnapshots.Tell(missing)); }
    }

    /// <summary>The newest snapshots that this machine made, as far as they are missing and nobody said that this is known.</summary>
    internal IReadOnlyList<ObjectName> MissingNewest()
    {
        IReadOnlyList<ObjectName> missing = MissingSnapshots.Newest(Store, CacheDirectory, SnapshotStore.Notes);
        if (missing.Count == 0) { return missing; }
        SnapshotStore.Refresh(); // one that was forgotten meanwhile: that was recorded before it was removed
        HashSet<ObjectName> left = [.. MissingSnapshots.Newest(Store, CacheDirectory, SnapshotStore.Notes)];
        return [.. missing.Where(left.Contains)];
    }

    /// <summary>Says, for all who use the repository, that it is known that snapshots are missing, or signed falsely.</summary>
    /// <exception cref="VarveException">WrongKey without the full key.</exception>
    internal void Acknowledge(IReadOnlyList<ObjectName> snapshots)
    {
        RequireFull("acknowledging");
        RequireWritable();
        Notes.PutSplit(new Note
        {
            Kind = NoteKind.Acknowledgement, At = FileTime.From(Options.Time.GetUtcNow()), Snapshots = snapshots,
        });
        SnapshotStore.Refresh();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Blocks.Dispose();
        if (_indexes.IsValueCreated) { _indexes.Value.Dispose(); }
        if (_kept.IsValueCreated) { _kept.Value?.Dispose(); }
        if (_cache.IsValueCreated) { _cache.Value.Dispose(); }
        (Store as IDisposable)?.Dispose();
        _secrets.Dispose();
        BackupTurn.Dispose();
    }
}
