using System.Security.Cryptography;
using Varve.Format;
using Varve.Lookup;
using Varve.Model;
using Varve.Store;

namespace Varve.Vault.Runs;

/// <summary>
/// The repository's index runs as this process has them: listed, opened from the cache or fetched, merged, and listed anew. Every run of
/// the repository is in one table, those that are left out too; so a cache that has been used for long and an empty one lead to the same.
/// Not thread-safe: the index set's lock is held.
/// </summary>
internal sealed class KnownRuns(IStore store, RunStore stored, RunCache cache, ChunkIndex chunks, Action<Notice>? warn)
{
    private readonly MergedRuns _merged = new(cache, chunks);

    // Every run that is in a table; those that cannot be read; those of the last listing.
    private readonly Dictionary<ObjectName, RunOrigin> _origins = [];
    private readonly HashSet<ObjectName> _unreadable = [];
    private HashSet<ObjectName>? _present;

    // Those that have a table of their own.
    private readonly List<ObjectName> _own = [];

    /// <summary>Runs that could not be read, directories of them that could not be listed, and what else was damaged.</summary>
    internal List<VarveException> Damaged { get; } = [];

    /// <summary>Runs in tables that the repository has no longer.</summary>
    internal IReadOnlySet<ObjectName> Gone { get; private set; } = new HashSet<ObjectName>();

    /// <summary>The runs that are known, but for those that are gone.</summary>
    internal IEnumerable<RunOrigin> Present => _origins.Values.Where(o => !Gone.Contains(o.Run));

    /// <summary>Whether every table is known to say what its run says: it was made by this process, or compared.</summary>
    internal bool AreProved { get; private set; }

    /// <summary>
    /// Lists the repository's runs and opens those that are new; false if the listing says what the last one said. A run that is gone
    /// before it could be fetched is looked for in another listing.
    /// </summary>
    internal bool List(CancellationToken cancelled)
    {
        // Before the listing: a run is cached after it is stored, so what is cached by now and not listed then is gone for good. What
        // other processes cache later stays.
        string[] tables = _present is null ? cache.Tables() : [];
        bool isFirst = _present is null, isOther = false;
        for (bool again = true; again;)
        {
            List<VarveException> unlisted = [];
            List<StoreObject> items = [.. store.List(ObjectKeys.Index, unlisted.Add)];
            HashSet<ObjectName> present = [];
            foreach (StoreObject item in items)
            {
                if (ObjectKeys.TryName(item.Key, out ObjectName name)) { present.Add(name); }
            }

            if (unlisted.Count > 0 && _present is not null) { present.UnionWith(_present); } // what is not listed may be there
            if (_present?.SetEquals(present) == true) { break; }
            isOther = true;
            if (isFirst) { foreach (VarveException e in unlisted) { ReportRun(e); } }
            if (isFirst && unlisted.Count == 0)
            {
                _merged.Open(o => !stored.CanTell || o.Signature != SignatureState.Unknown, present.Contains, Know);
                cache.DropStale(tables, present, _origins.ContainsKey);
            }

            isFirst = false;
            again = !OpenAll(items, cancelled);
            _present = present;
            foreach (ObjectName name in _own.FindAll(n => !present.Contains(n))) { Remove(name); }
            var gone = new HashSet<ObjectName>();
            foreach (ObjectName name in _origins.Keys)
            {
                if (!present.Contains(name)) { gone.Add(name); }
            }

            Gone = gone;
        }

        return isOther;
    }

    /// <summary>A run that was stored here.</summary>
    internal void Add(RunReader run)
    {
        Know(run.Origins()[0]);
        _present?.Add(run.Name);
        _own.Add(run.Name);
        chunks.AddRun(run);
    }

    /// <summary>Merges the smaller of the tables when there are many.</summary>
    /// <exception cref="VarveException">Damaged.</exception>
    internal void MergeIfMany()
    {
        _merged.MergeIfMany(Gone);
        var tables = new HashSet<ObjectName>();
        foreach (RunReader run in chunks.Runs) { tables.Add(run.Name); }
        _own.RemoveAll(n => !tables.Contains(n));
        if (Gone.Count == 0) { return; }
        HashSet<ObjectName> left = [.. Gone.Intersect(_merged.Covered)];
        foreach (ObjectName gone in Gone.Except(left)) { _origins.Remove(gone); }
        Gone = left;
    }

    /// <summary>Compares every cached run with the repository's and replaces it if it differs. Reads all runs.</summary>
    internal void Refresh(CancellationToken cancelled)
    {
        _merged.TakeApart(Reopen);
        var missed = new List<(ObjectName Name, VarveException Reason)>();
        foreach (ObjectName name in _own.ToArray())
        {
            cancelled.ThrowIfCancellationRequested();
            try
            {
                RunReader run = Refreshed(name);
                Know(run.Origins()[0]);
                chunks.Replace(name, run);
            }
            catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
            {
                Remove(name);
                if (e.Kind == ErrorKind.Damaged) { Report(e); }
                else if (_present?.Contains(name) == true) { missed.Add((name, e)); }
            }
        }

        AreProved = true;

        // A prune may have put another in their place since they were listed.
        if (missed.Count > 0) { List(cancelled); }
        foreach ((ObjectName name, VarveException reason) in missed)
        {
            if (_present!.Contains(name)) { Report(reason); }
        }
    }

    /// <summary>Something else is damaged.</summary>
    internal void Report(VarveException e)
    {
        Damaged.Add(e);
        warn?.Invoke(Notice.Of(e));
    }

    // False if one that was listed was gone.
    private bool OpenAll(List<StoreObject> items, CancellationToken cancelled)
    {
        bool isThere = true;
        foreach (StoreObject item in items)
        {
            cancelled.ThrowIfCancellationRequested();
            ObjectName name = default;
            try
            {
                name = ObjectKeys.Name(item.Key);
                if (_origins.ContainsKey(name) || _unreadable.Contains(name)) { continue; }
                RunReader run = Open(name, item.Length);
                Know(run.Origins()[0]);
                _own.Add(name);
                chunks.AddRun(run);
            }
            catch (VarveException e) when (e.Kind == ErrorKind.NotFound) { isThere = false; }
            catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
            {
                if (_unreadable.Add(name) || name == default) { ReportRun(e); }
            }
        }

        return isThere;
    }

    private void Know(RunOrigin origin) => _origins[origin.Run] = origin;

    // It stays open until the end, for others may be reading it.
    private void Remove(ObjectName name)
    {
        chunks.Replace(name, null);
        _own.Remove(name);
        _origins.Remove(name);
    }

    /// <summary>Opens the cached copy, or decrypts the run into the cache.</summary>
    private RunReader Open(ObjectName name, long length) => TryOpen(name) ?? Fetch(name, length);

    // Whose signature could not be told may be told today.
    private RunReader? TryOpen(ObjectName name)
    {
        RunReader? run = cache.TryOpen(name);
        AreProved &= run is null;
        if (run is null || !stored.CanTell || run.Origins()[0].Signature != SignatureState.Unknown) { return run; }
        run.Dispose();
        cache.Delete(RunCache.NameOf(name));
        return null;
    }

    private RunReader Fetch(ObjectName name, long length) =>
        cache.Write(RunCache.NameOf(name), name, table => stored.WriteTable(name, length, table));

    /// <summary>A run that was merged with others, by itself again.</summary>
    private void Reopen(ObjectName name)
    {
        _origins.Remove(name);
        try
        {
            if (!stored.TryGetLength(name, out long length)) { return; }
            RunReader run = Open(name, length);
            Know(run.Origins()[0]);
            _own.Add(name);
            chunks.AddRun(run);
        }
        catch (VarveException e) when (e.Kind == ErrorKind.NotFound) { /* removed just now, as a prune does */ }
        catch (VarveException e) when (e.Kind == ErrorKind.Damaged) { Report(e); }
    }

    private RunReader Refreshed(ObjectName name)
    {
        string key = ObjectKeys.Run(name), own = RunCache.NameOf(name);
        if (!stored.TryGetLength(name, out long length)) { throw new VarveException(ErrorKind.NotFound, Subject.Object(key), "is gone"); }
        using var hash = SHA256.Create();
        using (var hashing = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write)) { stored.WriteTable(name, length, hashing); }
        RunReader? cached = null;
        bool isThere = true;
        try
        {
            // Once opened it stays what it is, whatever becomes of its name. Not there: another process merged it away, which is no damage.
            cached = cache.Open(own, name);
            isThere = cached is not null;
            if (cached is not null && cached.Hash().AsSpan().SequenceEqual(hash.Hash)) { return cached; }
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Storage or ErrorKind.Damaged)
        {
            // It is made again.
        }

        cached?.Dispose();
        if (isThere) { warn?.Invoke(new Notice(Subject.Cache(cache.Where(own)), $"was damaged; it is made again from {key}")); }
        return Fetch(name, length);
    }

    private void ReportRun(VarveException e)
    {
        Damaged.Add(e);
        warn?.Invoke(Notice.Of(e, "the packs it names are read by their footers"));
    }
}
