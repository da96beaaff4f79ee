using System.Buffers;
using System.Security.Cryptography;
using Varve.Format;
using Varve.Index;
using Varve.Model;
using Varve.Pack;
using Varve.Seal;
using Varve.Store;

namespace Varve.Repositories;

/// <summary>
/// The repository's index runs, opened once and kept in the local cache as tables for looking up. A run that is damaged is named, and the packs that no readable run covers are read
/// by their footers instead (invariant 5).
/// </summary>
internal sealed partial class IndexSet : IDisposable
{
    private readonly Repository _repository;
    private readonly string _folder;

    // What a run of ours may take as plaintext, in bytes; readers take four times that.
    private const long LargestRun = PackListing.MaxLength / 4;

    private readonly RunBuilder _builder = new(); // its own lock

    // Used by one committer at a time.
    private readonly ByteWriter _listing = new();

    private IndexSet(Repository repository)
    {
        _repository = repository;
        _folder = Path.Combine(repository.CacheDirectory, "index");
        PrivateDirectory.Create(_folder);
    }

    /// <summary>All chunks that are known.</summary>
    internal ChunkIndex Chunks { get; } = new();

    /// <summary>Names of the runs in use.</summary>
    internal List<ObjectName> Runs { get; } = [];

    /// <summary>Runs that could not be read.</summary>
    internal List<VarveException> Damaged { get; } = [];

    internal static IndexSet Load(Repository repository)
    {
        var set = new IndexSet(repository);
        var readers = new List<(ObjectName Name, RunReader Reader)>();

        // Before the listing: a run is cached after it is stored, so what is cached by now and not listed then is gone for good. What other processes cache later stays.
        string[] cached = Directory.GetFiles(set._folder, "*.run");
        List<StoreObject> items = [.. repository.Store.List(ObjectKeys.Index)];
        HashSet<ObjectName> present = [];
        foreach (StoreObject item in items)
        {
            if (ObjectKeys.TryName(item.Key, out ObjectName name)) { present.Add(name); }
        }

        HashSet<ObjectName> covered = set.OpenMerged(present);
        foreach (StoreObject item in items)
        {
            try
            {
                if (!ObjectKeys.TryName(item.Key, out ObjectName name)) { throw VarveException.Damaged(item.Key, "it is not named by a hash"); }
                if (!covered.Contains(name)) { readers.Add((name, set.OpenRun(name, item.Length))); }
            }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged)
            {
                set.Damaged.Add(e);
                repository.Options.Warn?.Invoke(e.Message + "; the packs it names are read by their footers");
            }
        }

        var superseded = new HashSet<ObjectName>();
        foreach ((_, RunReader reader) in readers) { superseded.UnionWith(reader.Superseded()); }
        foreach ((ObjectName name, RunReader reader) in readers)
        {
            if (superseded.Contains(name)) { reader.Dispose(); }
            else { set.Add(name, reader); }
        }

        DropStale(cached, present);
        set.ReadCondemned();
        if (set.Damaged.Count > 0) { set.Recover(); }
        else { set.MergeIfMany(); }
        return set;
    }

    /// <summary>The packs of all runs, each once.</summary>
    internal IReadOnlyList<RunPack> Packs()
    {
        try { return All(); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
        {
            Refresh();
            return All();
        }

        RunPack[] All()
        {
            lock (_lock) { return [.. Chunks.Runs.SelectMany(static r => r.Packs()).DistinctBy(static p => p.Name)]; } // no merge closes a run meanwhile
        }
    }

    /// <summary>
    /// Makes an index run of durable packs: in the repository first, then in use here. More than one if there are very many. Returns the bytes stored.
    /// </summary>
    internal long WriteRun(IReadOnlyList<PackContents> packs)
    {
        RequireCondemnedKnown();
        long stored = 0;
        for (int start = 0, end; start < packs.Count; start = end)
        {
            long length = PackListing.Bound(packs[start]);
            for (end = start + 1; end < packs.Count && (length += PackListing.Bound(packs[end])) <= LargestRun; end++) { }
            stored += WriteRun([.. packs.Take(start..end)]);
        }

        MergeIfMany();
        return stored;
    }

    private long WriteRun(PackContents[] packs)
    {
        (ObjectName name, long stored) = Store(packs);
        RunReader run = WriteTable(CachePath(name), name, file => Build(packs, file));
        lock (_lock) { Add(name, run); }
        foreach (PackContents pack in packs) { Chunks.ForgetPending(pack); }
        return stored;
    }

    /// <summary>
    /// Packs that no run covers (a writer was killed between the packs and the run, or a run is damaged), read by their footers. Packs whose footer is damaged are
    /// reported, not thrown.
    /// </summary>
    internal IReadOnlyList<PackContents> FindUncovered(Action<VarveException> damaged)
    {
        HashSet<ObjectName> covered = [.. Packs().Select(static p => p.Name)];
        var found = new List<PackContents>();
        foreach (StoreObject item in _repository.Store.List(ObjectKeys.Packs))
        {
            if (!ObjectKeys.TryName(item.Key, out ObjectName name) || covered.Contains(name)) { continue; }
            try { found.Add(FooterReader.Read(_repository, name, item.Length)); }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound) { damaged(e); }
        }

        return found;
    }

    private (ObjectName Name, long Length) Store(PackContents[] packs)
    {
        _listing.Clear();
        PackListing.Encode(_listing, packs);
        using IStagedObject staged = _repository.Store.Stage();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stream = new StagedStream(staged, hash);
        stream.Write(ObjectMagic.Index);
        using MemoryStream plain = _listing.ToStream();
        _repository.Objects.Seal(ObjectType.IndexRun, ObjectMagic.Index, plain, stream);
        ObjectName name = stream.Name();
        staged.Commit(ObjectKeys.Run(name));
        return (name, stream.Length);
    }

    /// <summary>The table for looking up that the cache keeps of a run. The same packs in the same order give the same bytes.</summary>
    private void Build(IReadOnlyList<PackContents> packs, Stream table)
    {
        lock (_builder)
        {
            _builder.Clear();
            _builder.Reserve(packs.Sum(static p => p.Blocks.Sum(static b => b.Chunks.Count)));
            foreach (PackContents pack in packs) { _builder.Add(pack); }
            _builder.WriteTo(table);
            _builder.Clear();
        }
    }

    private void Build(PackListingReader listing, Stream table)
    {
        lock (_builder)
        {
            _builder.Clear();
            while (listing.NextPack())
            {
                FooterCursor blocks = listing.Blocks();
                bool isNew = _builder.BeginPack(listing.Name, listing.Size, listing.Kind);
                while (isNew && blocks.NextBlock())
                {
                    _builder.BeginBlock(blocks.StoredLength, blocks.RawLength, blocks.Codec);
                    while (blocks.NextChunk()) { _builder.AddChunk(blocks.Chunk); }
                }
            }

            foreach (ObjectName run in listing.Superseded) { _builder.Supersede(run); }
            _builder.WriteTo(table);
            _builder.Clear();
        }
    }

    private void Add(ObjectName name, RunReader reader)
    {
        Runs.Add(name);
        Chunks.AddRun(reader);
    }

    /// <summary>Opens the cached copy, or decrypts the run into the cache. A cached copy that is not what it should be is replaced, never believed.</summary>
    private RunReader OpenRun(ObjectName name, long length)
    {
        string path = CachePath(name);
        if (File.Exists(path))
        {
            try { return RunReader.Open(path, name); }
            catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { File.Delete(path); }
            catch (VarveException e) when (e.InnerException is FileNotFoundException) { /* another process merged it away just now */ }
        }

        return WriteTable(path, name, file => Decrypt(name, length, file));
    }

    /// <summary>
    /// Writes the table of a run into the cache, if it is large with a sieve, without which a look-up in it would cost several reads; and opens it. It is open before it gets its
    /// name: from then on another process may merge it away.
    /// </summary>
    private static RunReader WriteTable(string path, ObjectName name, Action<Stream> write)
    {
        string temporary = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}";
        RunReader? run = null;
        try
        {
            using (FileStream file = File.Create(temporary)) { write(file); }
            RunSieve.Append(temporary, name);
            run = RunReader.Open(temporary, name);
            File.Move(temporary, path, overwrite: true);
            return run;
        }
        catch (Exception e)
        {
            run?.Dispose();
            if (e is not (IOException or UnauthorizedAccessException)) { throw; }
            throw new VarveException(ErrorKind.Storage, $"cannot write the index cache {path}: {e.Message}", "Free space there, or choose another place with --cache-dir.", e);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Opens a stored run and writes the table that the cache keeps of it.</summary>
    private void Decrypt(ObjectName name, long length, Stream table)
    {
        string key = ObjectKeys.Run(name);
        if (length > ObjectMagic.Length + ObjectSealer.SealedLength(PackListing.MaxLength)) { throw VarveException.Damaged(key, "it is longer than an index run may be"); }
        byte[] memory = ArrayPool<byte>.Shared.Rent((int)length);
        using var plain = new MemoryStream(memory);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stored = new ObjectStream(_repository.Store, key, length) { Hash = hash };
        Span<byte> magic = stackalloc byte[ObjectMagic.Length];
        try
        {
            stored.ReadExactly(magic);
            if (!magic.SequenceEqual(ObjectMagic.Index)) { throw VarveException.Damaged(key, "it does not start as an index run"); }
            _repository.Objects.Open(ObjectType.IndexRun, ObjectMagic.Index, stored, plain);

            // Authentic is not enough: another run in this one's place would hide what this one lists.
            if (new ObjectName(hash.GetHashAndReset()) != name) { throw VarveException.Damaged(key, "its bytes do not hash to its name"); }
            Build(new PackListingReader(memory.AsSpan(0, (int)plain.Position), key), table);
        }
        catch (EndOfStreamException)
        {
            throw VarveException.Damaged(key, "it is cut short");
        }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged && !e.Message.StartsWith(key, StringComparison.Ordinal))
        {
            throw new VarveException(ErrorKind.Damaged, $"{key} is damaged: {e.Message}", e.Hint, e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(memory);
        }
    }

    private string CachePath(ObjectName name) => Path.Combine(_folder, name + ".run");

    /// <summary>Cached copies of runs that are no longer in the repository only take room.</summary>
    private static void DropStale(string[] cached, HashSet<ObjectName> present)
    {
        foreach (string path in cached)
        {
            string name = Path.GetFileNameWithoutExtension(path);
            if (Bytes32.TryParseHex(name, out Bytes32 value) && !present.Contains(new ObjectName(value))) { File.Delete(path); }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Chunks.Dispose();
}
