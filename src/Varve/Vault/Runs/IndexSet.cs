using System.Security.Cryptography;
using Varve.Format;
using Varve.Lookup;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Model.Snapshots;
using Varve.Pack;
using Varve.Platform.Files;
using Varve.Seal;
using Varve.Store;
using Varve.Vault.Avoid;
using Varve.Vault.Objects;

namespace Varve.Vault.Runs;

/// <summary>
/// The repository's index runs, opened once and kept in the local cache as tables for looking up. A run that is damaged is named, and the
/// packs that no readable run covers are read by their footers instead (invariant 5).
/// <para>Of what is done when the index does not lead to a readable chunk nothing happens while all is well, so opening stays fast: only
/// when a chunk is not found, or is not what it should be, the runs are listed anew, as often as that brings something else. After that,
/// once, the cached runs are compared with the repository's, packs that no run names are read by their footers, and packs that are not
/// there, or not whole, are avoided.</para>
/// <para>What writers may rely on is a matter of its own: <see cref="Trust"/>.</para>
/// </summary>
internal sealed class IndexSet : IDisposable
{
    // What a run of ours may take as plaintext, in bytes; readers take four times that.
    private const long LargestRun = PackListing.MaxLength / 4;

    private readonly RunStore _stored;
    private readonly RunCache _cache;
    private readonly FooterReader _footers;

    private readonly Lock _lock = new();

    // Guarded by _lock.
    private readonly KnownRuns _runs;
    private readonly SupersededRuns _superseded;
    private readonly AvoidedPacks _avoided;
    private readonly FalsePlaces _false;
    private bool _recovered;
    private long _version;

    // While it is loading; a run that stops later still writes what it has.
    private CancellationToken _loading;

    private IndexSet(IStore store, RecordSealer records, RunStore stored, FooterReader footers, PrivateDirectory cache, Action<Notice>? warn)
    {
        (_stored, _cache, _footers) = (stored, new RunCache(cache), footers);
        _false = new FalsePlaces(cache, warn);
        Doubts = new PackDoubts(_false, stored.Writer);
        _avoided = new AvoidedPacks(store, records, _false.Packs, warn);
        _runs = new KnownRuns(store, stored, _cache, Chunks, warn);
        _superseded = new SupersededRuns(store, Chunks);
    }

    /// <summary>What writers must not rely on unseen.</summary>
    internal PackDoubts Doubts { get; }

    /// <summary>All chunks that are known.</summary>
    internal ChunkIndex Chunks { get; } = new();

    /// <summary>Runs that could not be read.</summary>
    internal List<VarveException> Damaged => _runs.Damaged;

    /// <summary>Packs that no readable run names and that were read by their footers. Changes only in <see cref="Recover"/>.</summary>
    internal HashSet<ObjectName> FromFooters { get; } = [];

    /// <summary>Lists of condemned packs that could not be read.</summary>
    internal IReadOnlyList<VarveException> DamagedCondemned => _avoided.Damaged;

    /// <summary>Another number after each change of what counts.</summary>
    internal long Version => Interlocked.Read(ref _version);

    /// <summary>Packs of which a chunk was found not to be what its id says, on this machine.</summary>
    internal IReadOnlyList<ObjectName> FalsePacks => Locked(() => _false.Packs.ToArray());

    /// <summary>Runs that were found to say of a pack what its footer does not, on this machine.</summary>
    internal IReadOnlyList<ObjectName> FalseRuns => Locked(() => _false.Runs.ToArray());

    /// <summary>The runs of the repository: who signed each, and in which session it was made.</summary>
    internal IReadOnlyList<RunOrigin> Origins => Locked(() => _runs.Present.ToArray());

    /// <summary>How packs and runs are used now.</summary>
    internal PackRules CurrentRules => Locked(Rules);

    /// <summary>What runs claim and does not count, for people.</summary>
    internal IReadOnlyList<string> Notes => Locked(() => _superseded.Notes.ToArray());

    /// <summary>
    /// Opens all runs of a repository; their tables are kept in its <paramref name="cache"/>. <paramref name="warn"/> hears of damage that
    /// is worked around. <paramref name="cancelled"/> ends it with OperationCanceledException; what was cached stays.
    /// </summary>
    internal static IndexSet Load(IStore store, RecordSealer records, RunStore stored, FooterReader footers, PrivateDirectory cache,
        Action<Notice>? warn, CancellationToken cancelled)
    {
        var set = new IndexSet(store, records, stored, footers, cache, warn) { _loading = cancelled };
        try { set.Load(); }
        catch
        {
            set.Dispose();
            throw;
        }

        set._loading = default;
        return set;
    }

    private void Load()
    {
        _runs.List(_loading);
        _avoided.ReadCondemned();
        Apply();
        if (Damaged.Count > 0) { Recover(); }
        else { MergeIfMany(); }
    }

    /// <summary>Where a chunk lies, whatever it takes to find it.</summary>
    internal bool TryLocate(in ChunkId id, out ChunkLocation location)
    {
        if (TryFind(id, out location)) { return true; }
        while (ListAnew())
        {
            if (TryFind(id, out location)) { return true; }
        }

        Recover();
        return TryFind(id, out location);
    }

    /// <summary>
    /// What writers rely on from now on. <paramref name="verify"/> reads a pack of others and says what it is worth, if packs are to be
    /// verified.
    /// </summary>
    internal void Trust(PackTrust trust, Func<RunPack, PackVerdict>? verify = null)
    {
        lock (_lock)
        {
            Doubts.Set(trust, verify);
            Apply();
        }
    }

    /// <summary>The packs of all runs that count, as often as they are listed.</summary>
    internal IReadOnlyList<(ObjectName Origin, RunPack Pack)> Listings()
    {
        try { return Chunks.Listings(); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
        {
            Refresh();
            return Chunks.Listings();
        }
    }

    /// <summary>
    /// Packs that no run covers (a writer was killed between the packs and the run, or a run is damaged), read by their footers. Packs
    /// whose footer is damaged are reported, not thrown.
    /// </summary>
    internal IReadOnlyList<PackContents> FindUncovered(Action<VarveException> damaged, CancellationToken cancelled = default) =>
        _footers.ReadOthers([.. this.Packs().Select(static p => p.Name)], damaged, cancelled);

    /// <summary>
    /// Makes an index run of durable packs: in the repository first, then in use here. More than one if there are very many. Returns the
    /// bytes stored.
    /// </summary>
    /// <param name="packs">What the packs hold.</param>
    /// <param name="session">In which session they were made.</param>
    /// <param name="isOwn">
    /// Whether the packs were made here. A signature says that its writer made what the run lists, so others' are listed without one.
    /// </param>
    internal long WriteRun(IReadOnlyList<PackContents> packs, SessionId session = default, bool isOwn = true)
    {
        RequireCondemnedKnown();
        long stored = 0;
        for (int start = 0, end; start < packs.Count; start = end)
        {
            long length = PackListing.Bound(packs[start]);
            for (end = start + 1; end < packs.Count && (length += PackListing.Bound(packs[end])) <= LargestRun; end++) { }
            PackContents[] some = [.. packs.Take(start..end)];
            (RunReader run, long bytes) = _stored.Put(some, session, isOwn,
                (name, write) => _cache.Write(RunCache.NameOf(name), name, write));
            lock (_lock) { _runs.Add(run); }
            foreach (PackContents pack in some) { Chunks.ForgetPending(pack); }
            stored += bytes;
        }

        MergeIfMany();
        lock (_lock) { _false.Save(); }
        return stored;
    }

    /// <summary>Throws Damaged if it is not known which packs are condemned: a writer must not rely on those.</summary>
    internal void RequireCondemnedKnown() => _avoided.RequireCondemnedKnown();

    /// <summary>
    /// What a writer does when its session is durable, also in a daemon that opened the index long ago: the lists of condemned packs are
    /// listed, then fences, then the runs (<c>writer_lists_condemned</c>, <c>writer_lists_fences</c>, <c>writer_lists_index</c> in
    /// docs/protocol.md). A pack that runs of fenced sessions name, or that only its footer told of, counts only if it is there now.
    /// Whether any list of condemned packs is there.
    /// </summary>
    /// <param name="listFences">Lists them.</param>
    /// <exception cref="VarveException">Damaged: which packs are condemned is not known.</exception>
    internal bool BeginSession(Func<FenceBook> listFences)
    {
        lock (_lock)
        {
            _avoided.ReadCondemned();
            _avoided.RequireCondemnedKnown();
            FenceBook fences = listFences();
            _runs.List(_loading);
            Apply();
            HashSet<ObjectName> hints = fences.IsEmpty ? []
                : [.. _runs.Present.Where(o => fences.IsFenced(o.Session)).Select(static o => o.Run)];
            RunPack[] unsure = hints.Count + FromFooters.Count == 0 ? []
                : [.. Listings().Where(l => hints.Contains(l.Origin) || FromFooters.Contains(l.Pack.Name)).Select(static l => l.Pack)];
            if (unsure.Length > 0 && _avoided.AddMissing(unsure)) { Apply(); }

            return _avoided.AnyCondemned;
        }
    }

    /// <summary>Runs that others supersede and that may go.</summary>
    internal IReadOnlyCollection<ObjectName> FindSuperseded() => Locked(() => _superseded.Find(_runs.Present, _false.Runs));

    /// <summary>Merges the smaller of the cached runs when there are many.</summary>
    internal void MergeIfMany()
    {
        lock (_lock)
        {
            if (_recovered) { return; }
            try { _runs.MergeIfMany(); }
            catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { Recover(); }
        }
    }

    /// <summary>
    /// Lists the repository's runs again, because something is not where they say (<c>reader_lists_anew</c> in docs/protocol.md); false if
    /// they are the same as before.
    /// </summary>
    internal bool ListAnew()
    {
        lock (_lock)
        {
            if (!_runs.List(_loading)) { return false; }
            Apply();
            return true;
        }
    }

    /// <summary>
    /// Makes up for what is damaged in the cache, damaged or missing in the repository; once in the life of this object, else false.
    /// </summary>
    internal bool Recover()
    {
        lock (_lock)
        {
            if (_recovered) { return false; }
            _recovered = true;
            Refresh();
            AddUncovered();
            AvoidMissing();
            Interlocked.Increment(ref _version);
            return true;
        }
    }

    /// <summary>Compares every cached run with the repository's and replaces it if it differs. Reads all runs.</summary>
    internal void Refresh(CancellationToken cancelled = default)
    {
        lock (_lock)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancelled, _loading);
            _runs.Refresh(either.Token);
            Apply();
        }
    }

    /// <summary>Reads other occurrences of the chunks in these packs, if there are any, and has writers store them again.</summary>
    internal void Avoid(IEnumerable<ObjectName> packs)
    {
        lock (_lock)
        {
            bool any = false;
            foreach (ObjectName pack in packs) { any |= _avoided.Add(pack); }
            if (any) { Apply(); }
        }
    }

    /// <summary>Avoids the packs that are missing or not as long as they should be. Lists all packs.</summary>
    internal void AvoidMissing()
    {
        lock (_lock)
        {
            if (_avoided.AddMissing([.. Listings().Select(static l => l.Pack)])) { Apply(); }
        }
    }

    /// <summary>
    /// Sees to it that what the tables in the cache say is what the runs in the repository say: nothing that is remembered for good may
    /// rest on a damaged copy. Reads all runs, at most once as long as no other table is taken from the cache.
    /// </summary>
    internal void Prove()
    {
        lock (_lock)
        {
            if (!_runs.AreProved) { Refresh(); }
        }
    }

    /// <summary>Goes by what was found out about a pack, as a run lists it, from now on; what is proved is remembered.</summary>
    internal void Settle(in RunPack pack, PackVerdict verdict)
    {
        (ObjectName name, Bytes32 listed) = (pack.Name, pack.Listed);
        if (verdict == PackVerdict.FalseListing) { Prove(); }
        lock (_lock)
        {
            bool isNew = verdict switch
            {
                PackVerdict.True => _false.AddVerified(name, in listed),
                PackVerdict.FalsePack => _false.AddPack(name),
                PackVerdict.FalseListing => LeaveOut(Listings().Where(l => l.Pack.Name == name && l.Pack.Listed == listed)
                    .Select(static l => l.Origin)),
                _ => _avoided.Add(name),
            };
            if (isNew) { Apply(); }
        }
    }

    /// <summary>Whether a prune has condemned a pack, as the lists were listed last.</summary>
    internal bool IsCondemned(ObjectName pack) => Locked(() => _avoided.IsCondemned(pack));

    /// <summary>Whether a pack is still to be verified.</summary>
    internal bool IsDoubted(RunPack pack) => Locked(() => Doubts.IsOpen(in pack) && !_avoided.Contains(pack.Name));

    // What they listed may be listed by nobody now.
    private bool LeaveOut(IEnumerable<ObjectName> runs)
    {
        bool any = false;
        foreach (ObjectName run in runs.Distinct().ToArray()) { any |= _false.AddRun(run); }
        _recovered &= !any;
        return any;
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

    private void AddUncovered()
    {
        IReadOnlyList<PackContents> packs = FindUncovered(_runs.Report, _loading);
        if (packs.Count == 0) { return; }
        var name = new ObjectName(RandomNumberGenerator.GetBytes(Bytes32.Size));
        string own = RunCache.NameOfFooters(name);
        Chunks.AddRun(_cache.Write(own, name, table => _stored.WriteTable(name, packs, table)));
        _cache.Delete(own);
        foreach (PackContents pack in packs) { FromFooters.Add(pack.Name); }
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_lock) { return read(); }
    }

    // Under _lock.
    private void Apply()
    {
        try { Chunks.Rules = Rules(); }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
        {
            // A cached run whose packs make no sense.
            _runs.Refresh(_loading);
            Chunks.Rules = Rules();
        }

        Interlocked.Increment(ref _version);
    }

    private PackRules Rules()
    {
        HashSet<ObjectName> leftOut = _superseded.Find(_runs.Present, _false.Runs);
        leftOut.UnionWith(_runs.Gone);
        leftOut.UnionWith(_false.Runs);
        return new PackRules { Last = _avoided.All(), LeftOut = leftOut, Doubts = Doubts.Rule };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _false.Save();
        Chunks.Dispose();
        _cache.Dispose();
    }
}
