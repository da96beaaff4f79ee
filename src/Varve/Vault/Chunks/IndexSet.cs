using System.Security.Cryptography;
using Varve.Format;
using Varve.Lookup;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Pack;
using Varve.Platform.Files;
using Varve.Seal;
using Varve.Store;

namespace Varve.Vault.Chunks;

/// <summary>
/// The repository's index runs, opened once and kept in the local cache as tables for looking up. A run that is damaged is named, and the
/// packs that no readable run covers are read by their footers instead (invariant 5).
/// <para>Of what is done when the index does not lead to a readable chunk nothing happens while all is well, so opening stays fast: only
/// when a chunk is not found, or is not what it should be, the cached runs are compared with the repository's, packs that no run names are
/// read by their footers, and packs that are not there, or not whole, are avoided.</para>
/// </summary>
internal sealed class IndexSet : IDisposable
{
    // What a run of ours may take as plaintext, in bytes; readers take four times that.
    private const long LargestRun = PackListing.MaxLength / 4;

    private readonly RunStore _stored;
    private readonly RunCache _cache;
    private readonly FooterReader _footers;
    private readonly Action<Notice>? _warn;

    private readonly Lock _lock = new();

    // Guarded by _lock.
    private readonly MergedRuns _merged;
    private readonly AvoidedPacks _avoided;
    private bool _recovered;

    private IndexSet(RunStore stored, RunCache cache, FooterReader footers, AvoidedPacks avoided, Action<Notice>? warn)
    {
        (_stored, _cache, _footers, _avoided, _warn) = (stored, cache, footers, avoided, warn);
        _merged = new MergedRuns(cache, Chunks);
    }

    /// <summary>All chunks that are known.</summary>
    internal ChunkIndex Chunks { get; } = new();

    /// <summary>Names of the runs in use.</summary>
    internal List<ObjectName> Runs { get; } = [];

    /// <summary>Runs that could not be read.</summary>
    internal List<VarveException> Damaged { get; } = [];

    /// <summary>Packs that no readable run names and that were read by their footers. Changes only in <see cref="Recover"/>.</summary>
    internal HashSet<ObjectName> FromFooters { get; } = [];

    /// <summary>Lists of condemned packs that could not be read.</summary>
    internal IReadOnlyList<VarveException> DamagedCondemned => _avoided.Damaged;

    /// <summary>
    /// Opens all runs of a repository; <paramref name="folder"/> is where their tables are kept. <paramref name="warn"/> hears of damage
    /// that is worked around.
    /// </summary>
    internal static IndexSet Load(IStore store, ObjectSealer objects, FooterReader footers, string folder, Action<Notice>? warn)
    {
        var set = new IndexSet(new RunStore(store, objects), new RunCache(folder), footers, new AvoidedPacks(store, objects), warn);

        // Before the listing: a run is cached after it is stored, so what is cached by now and not listed then is gone for good. What other
        // processes cache later stays.
        string[] tables = set._cache.Tables();
        List<StoreObject> items = [.. store.List(ObjectKeys.Index)];
        HashSet<ObjectName> present = [];
        foreach (StoreObject item in items)
        {
            if (ObjectKeys.TryName(item.Key, out ObjectName name)) { present.Add(name); }
        }

        set.OpenAll(items, set._merged.Open(present));
        RunCache.DropStale(tables, present);
        if (set._avoided.ReadCondemned(warn)) { set.ApplyAvoided(); }
        if (set.Damaged.Count > 0) { set.Recover(); }
        else { set.MergeIfMany(); }
        return set;
    }

    /// <summary>Where a chunk lies, whatever it takes to find it.</summary>
    internal bool TryLocate(in ChunkId id, out ChunkLocation location)
    {
        if (TryFind(id, out location)) { return true; }
        Recover();
        return TryFind(id, out location);
    }

    /// <summary>Whether a writer need not store a chunk. When in doubt it stores it again, which loses nothing.</summary>
    internal bool Contains(in ChunkId id)
    {
        try { return Chunks.Contains(id); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { Recover(); }
        try { return Chunks.Contains(id); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { return false; }
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
            // no merge closes a run meanwhile
            lock (_lock) { return [.. Chunks.Runs.SelectMany(static r => r.Packs()).DistinctBy(static p => p.Name)]; }
        }
    }

    /// <summary>
    /// Packs that no run covers (a writer was killed between the packs and the run, or a run is damaged), read by their footers. Packs
    /// whose footer is damaged are reported, not thrown.
    /// </summary>
    internal IReadOnlyList<PackContents> FindUncovered(Action<VarveException> damaged) =>
        _footers.ReadOthers([.. Packs().Select(static p => p.Name)], damaged);

    /// <summary>
    /// Makes an index run of durable packs: in the repository first, then in use here. More than one if there are very many. Returns the
    /// bytes stored.
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

    /// <summary>Throws Damaged if it is not known which packs are condemned: a writer must not rely on those.</summary>
    internal void RequireCondemnedKnown()
    {
        if (DamagedCondemned is [{ } first, ..])
        {
            throw new VarveException(
                ErrorKind.Damaged, first.Subject,
                $"{first.What}; which packs are about to be deleted is not known, so nothing can be written that relies on them",
                Advice.RemoveCondemned, first);
        }
    }

    /// <summary>Merges the smaller of the cached runs when there are many.</summary>
    internal void MergeIfMany()
    {
        lock (_lock)
        {
            if (_recovered) { return; }
            try { _merged.MergeIfMany(); }
            catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { Recover(); }
        }
    }

    /// <summary>Makes up for what is damaged in the cache, damaged or missing in the repository; once in the life of this object.</summary>
    internal void Recover()
    {
        lock (_lock)
        {
            if (_recovered) { return; }
            _recovered = true;
            Refresh();
            AddUncovered();
            AvoidMissing();
        }
    }

    /// <summary>Compares every cached run with the repository's and replaces it if it differs. Reads all runs.</summary>
    internal void Refresh()
    {
        lock (_lock)
        {
            _merged.TakeApart(Reopen);
            foreach (ObjectName name in Runs.ToArray())
            {
                try { Chunks.Replace(name, Refreshed(name)); }
                catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
                {
                    Chunks.Replace(name, null);
                    Runs.Remove(name);
                    Report(e);
                }
            }
        }
    }

    /// <summary>Reads other occurrences of the chunks in a pack, if there are any, and has writers store them again.</summary>
    internal void Avoid(ObjectName pack)
    {
        lock (_lock)
        {
            if (_avoided.Add(pack)) { ApplyAvoided(); }
        }
    }

    /// <summary>Avoids the packs that are missing or not as long as they should be. Lists all packs.</summary>
    internal void AvoidMissing()
    {
        lock (_lock)
        {
            if (_avoided.AddMissing(Packs())) { ApplyAvoided(); }
        }
    }

    private void OpenAll(List<StoreObject> items, HashSet<ObjectName> covered)
    {
        var readers = new List<(ObjectName Name, RunReader Reader)>();
        foreach (StoreObject item in items)
        {
            try
            {
                if (!ObjectKeys.TryName(item.Key, out ObjectName name))
                {
                    throw VarveException.Damaged(Subject.Object(item.Key), "it is not named by a hash");
                }
                if (!covered.Contains(name)) { readers.Add((name, OpenRun(name, item.Length))); }
            }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged)
            {
                Damaged.Add(e);
                _warn?.Invoke(Notice.Of(e, "the packs it names are read by their footers"));
            }
        }

        var superseded = new HashSet<ObjectName>();
        foreach ((_, RunReader reader) in readers) { superseded.UnionWith(reader.Superseded()); }
        foreach ((ObjectName name, RunReader reader) in readers)
        {
            if (superseded.Contains(name)) { reader.Dispose(); }
            else { Add(name, reader); }
        }
    }

    private bool TryFind(in ChunkId id, out ChunkLocation location)
    {
        try { return Chunks.TryFind(id, out location); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
        {
            location = default;
            return false;
        }
    }

    private long WriteRun(PackContents[] packs)
    {
        (ObjectName name, long stored) = _stored.Put(packs);
        RunReader run = RunCache.Write(_cache.PathOf(name), name, table => _stored.WriteTable(packs, table));
        lock (_lock) { Add(name, run); }
        foreach (PackContents pack in packs) { Chunks.ForgetPending(pack); }
        return stored;
    }

    private void Add(ObjectName name, RunReader reader)
    {
        Runs.Add(name);
        Chunks.AddRun(reader);
    }

    /// <summary>Opens the cached copy, or decrypts the run into the cache.</summary>
    private RunReader OpenRun(ObjectName name, long length) => _cache.TryOpen(name) ?? Fetch(name, length);

    private RunReader Fetch(ObjectName name, long length) =>
        RunCache.Write(_cache.PathOf(name), name, table => _stored.WriteTable(name, length, table));

    /// <summary>A run that was merged with others, by itself again.</summary>
    private void Reopen(ObjectName name)
    {
        try
        {
            if (_stored.TryGetLength(name, out long length)) { Add(name, OpenRun(name, length)); }
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound) { Report(e); }
    }

    private RunReader Refreshed(ObjectName name)
    {
        string key = ObjectKeys.Run(name), path = _cache.PathOf(name);
        if (!_stored.TryGetLength(name, out long length)) { throw new VarveException(ErrorKind.NotFound, Subject.Object(key), "is gone"); }
        using var stored = SHA256.Create();
        using (var hashing = new CryptoStream(Stream.Null, stored, CryptoStreamMode.Write)) { _stored.WriteTable(name, length, hashing); }
        RunReader? cached = null;
        bool mergedAway = false;
        try
        {
            // Once opened it stays what it is, whatever becomes of its name.
            cached = RunReader.Open(path, name);
            if (cached.Hash().AsSpan().SequenceEqual(stored.Hash)) { return cached; }
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Storage or ErrorKind.Damaged)
        {
            // Not there: another process merged it away, which is no damage.
            mergedAway = e.InnerException is FileNotFoundException;
        }

        cached?.Dispose();
        if (!mergedAway) { _warn?.Invoke(new Notice(Subject.Cache(path), $"was damaged; it is made again from {key}")); }
        return Fetch(name, length);
    }

    private void AddUncovered()
    {
        IReadOnlyList<PackContents> packs = FindUncovered(Report);
        if (packs.Count == 0) { return; }
        var name = new ObjectName(RandomNumberGenerator.GetBytes(Bytes32.Size));
        string path = _cache.FooterPathOf(name);
        Chunks.AddRun(RunCache.Write(path, name, table => _stored.WriteTable(packs, table)));
        File.Delete(path);
        foreach (PackContents pack in packs) { FromFooters.Add(pack.Name); }
    }

    // Condemned for the index is what writers store again and readers use last.
    private void ApplyAvoided()
    {
        HashSet<ObjectName> all = _avoided.All();
        try { Chunks.Condemned = all; }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
        {
            // A cached run whose packs make no sense.
            Refresh();
            Chunks.Condemned = all;
        }
    }

    private void Report(VarveException e)
    {
        Damaged.Add(e);
        _warn?.Invoke(Notice.Of(e));
    }

    /// <inheritdoc/>
    public void Dispose() => Chunks.Dispose();
}
