using System.Security.Cryptography;
using Varve.Format;
using Varve.Index;
using Varve.Model;
using Varve.Store;

namespace Varve.Repositories;

/// <content>
/// What is done when the index does not lead to a readable chunk. Nothing of it happens while all is well, so opening stays fast: only when a chunk is not found, or is
/// not what it should be, the cached runs are compared with the repository's, packs that no run names are read by their footers, and packs that are not there, or
/// not whole, are avoided.
/// </content>
internal sealed partial class IndexSet
{
    private readonly Lock _lock = new();

    // Guarded by _lock. The sets are replaced, never changed.
    private readonly HashSet<ObjectName> _condemned = [];
    private readonly HashSet<ObjectName> _avoided = [];
    private bool _recovered;

    /// <summary>Packs that no readable run names and that were read by their footers. Changes only in <see cref="Recover"/>.</summary>
    internal HashSet<ObjectName> FromFooters { get; } = [];

    /// <summary>Lists of condemned packs that could not be read.</summary>
    internal List<VarveException> DamagedCondemned { get; } = [];

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
            Unmerge();
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
            var sizes = new Dictionary<ObjectName, long>();
            foreach (StoreObject item in _repository.Store.List(ObjectKeys.Packs))
            {
                if (ObjectKeys.TryName(item.Key, out ObjectName name)) { sizes[name] = item.Length; }
            }

            bool any = false;
            foreach (RunPack pack in Packs())
            {
                if (!sizes.TryGetValue(pack.Name, out long size) || size != pack.Size) { any |= _avoided.Add(pack.Name); }
            }

            if (any) { ApplyAvoided(); }
        }
    }

    /// <summary>Throws Damaged if it is not known which packs are condemned: a writer must not rely on those.</summary>
    internal void RequireCondemnedKnown()
    {
        if (DamagedCondemned is [{ } first, ..])
        {
            throw new VarveException(
                ErrorKind.Damaged, $"{first.Message}; which packs are about to be deleted is not known, so nothing can be written that relies on them",
                "If no prune is running, remove that object: it holds no data.", first);
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

    private RunReader Refreshed(ObjectName name)
    {
        string key = ObjectKeys.Run(name), path = CachePath(name);
        if (!_repository.Store.TryGetLength(key, out long length)) { throw new VarveException(ErrorKind.NotFound, $"{key} is gone"); }
        using var stored = SHA256.Create();
        using (var hashing = new CryptoStream(Stream.Null, stored, CryptoStreamMode.Write)) { Decrypt(name, length, hashing); }
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
        if (!mergedAway) { _repository.Options.Warn?.Invoke($"the local copy {path} of {key} was damaged; it is fetched again"); }
        return WriteTable(path, name, file => Decrypt(name, length, file));
    }

    private void AddUncovered()
    {
        IReadOnlyList<PackContents> packs = FindUncovered(Report);
        if (packs.Count == 0) { return; }
        var name = new ObjectName(RandomNumberGenerator.GetBytes(Bytes32.Size));
        string path = Path.Combine(_folder, $"footers-{name}.run");
        Chunks.AddRun(WriteTable(path, name, file => Build(packs, file)));
        File.Delete(path);
        foreach (PackContents pack in packs) { FromFooters.Add(pack.Name); }
    }

    private void ReadCondemned()
    {
        foreach (StoreObject item in _repository.Store.List(ObjectKeys.Condemned))
        {
            try { _condemned.UnionWith(CondemnedList.Read(_repository, item.Key).Packs); }
            catch (VarveException e) when (e.Kind == ErrorKind.NotFound) { /* lifted meanwhile */ }
            catch (VarveException e) when (e.Kind == ErrorKind.Damaged)
            {
                DamagedCondemned.Add(e);
                _repository.Options.Warn?.Invoke(e.Message);
            }
        }

        if (_condemned.Count > 0) { ApplyAvoided(); }
    }

    // Condemned for the index is what writers store again and readers use last.
    private void ApplyAvoided()
    {
        HashSet<ObjectName> all = [.. _condemned, .. _avoided];
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
        _repository.Options.Warn?.Invoke(e.Message);
    }
}
