using Varve.Maintain.Findings;
using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Varve.Format;
using Varve.Lookup;
using Varve.Model.Bounds;
using Varve.Vault.Chunks;
using Varve.Vault.Objects;
using Varve.Vault.Runs;

namespace Varve.Maintain.Check;

/// <summary>
/// Checks packs: all that the index names are there and as long as it says, their footers open; a share of them is read whole, by several
/// threads, block by block, so that memory holds one block a thread.
/// </summary>
internal sealed class PackChecker(IndexSet index, PackInspector inspector, IndexedChunks indexed, PrunedPacks pruned,
    CheckOptions options, CheckMonitor monitor, CheckFindings report)
{
    private readonly ConcurrentBag<PackBuffers> _buffers = [];
    private HashSet<ObjectName> _read = [];

    /// <summary>Packs that the index names and the store has not.</summary>
    internal HashSet<ObjectName> Missing { get; } = [];

    /// <summary>Packs in the store.</summary>
    internal long Count { get; private set; }

    internal void Run(Dictionary<string, long> objects, CancellationToken cancellationToken)
    {
        var stored = new List<(ObjectName Name, long Size)>();
        foreach ((string key, long length) in objects)
        {
            if (!key.StartsWith(ObjectKeys.Packs, StringComparison.Ordinal)) { continue; }
            Count++;
            if (ObjectKeys.TryName(key, out ObjectName name)) { stored.Add((name, length)); }
            else { report.Add(Subject.Object(key), ObjectKeys.NoName, Advice.RemoveStray); }
        }

        CompareWithIndex(stored);
        List<(ObjectName Name, long Size)> chosen = options.ReadData ? Choose(stored) : [];
        monitor.Expect(options.ReadData ? chosen.Count : stored.Count, Saturating.Sum(chosen.Select(static p => p.Size)));
        var parallel = new ParallelOptions
        {
            CancellationToken = cancellationToken,
            MaxDegreeOfParallelism = options.Workers,
        };
        try
        {
            if (options.ReadData)
            {
                Parallel.ForEach(chosen, parallel,
                    pack => WithBuffers(b => inspector.ReadWhole(pack.Name, pack.Size, b, cancellationToken)));
            }
            else { Parallel.ForEach(stored, parallel, pack => WithBuffers(b => inspector.CheckFooter(pack.Name, pack.Size, b))); }
        }
        catch (AggregateException e)
        {
            // What failed one thread (the store, a library that is missing) is what the caller is to see.
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        _read = [.. chosen.Select(static p => p.Name)];
        // Tens of MiB, which trees would otherwise come on top of.
        _buffers.Clear();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
    }

    /// <summary>Whether every byte of a pack was read, as far as there were any.</summary>
    internal bool HasRead(ObjectName pack) => _read.Contains(pack);

    private void CompareWithIndex(List<(ObjectName Name, long Size)> stored)
    {
        Dictionary<ObjectName, long> sizes = stored.ToDictionary(p => p.Name, p => p.Size);
        HashSet<ObjectName> covered = [];
        inspector.Listed = index.Listings().ToLookup(static l => l.Pack.Name);
        HashSet<ObjectName> gone = pruned.Of([.. inspector.Listed.Select(static l => l.Key).Where(n => !sizes.ContainsKey(n))]);
        foreach (IGrouping<ObjectName, (ObjectName Origin, RunPack Pack)> listed in inspector.Listed)
        {
            ObjectName name = listed.Key;
            covered.Add(name);
            if (gone.Contains(name)) { continue; }
            if (!sizes.TryGetValue(name, out long actual))
            {
                Missing.Add(name);
                report.Add(Subject.Object(ObjectKeys.Pack(name)), "it is missing");
            }
            else if (listed.All(l => l.Pack.Size != actual))
            {
                report.Add(Subject.Object(ObjectKeys.Pack(name)), $"it has {actual} bytes instead of {listed.First().Pack.Size}");
                indexed.Check(name);
            }
        }

        foreach (ObjectName name in index.FalsePacks.Where(sizes.ContainsKey))
        {
            report.Add(Subject.Object(ObjectKeys.Pack(name)), "a chunk in it is not what its id says, as was found before");
            report.AddFalsePack(name);
            indexed.Check(name);
        }

        int uncovered = stored.Count(p => !covered.Contains(p.Name));
        if (uncovered > 0)
        {
            report.Note($"{uncovered} packs are in no index run, left by a backup that was interrupted; its next run uses them");
        }
    }

    /// <summary>
    /// A slice, so that all have been read when each slice was; or a random sample, so that checking a part each night covers all in time.
    /// </summary>
    private List<(ObjectName Name, long Size)> Choose(List<(ObjectName Name, long Size)> stored)
    {
        if (options.Slices > 1) { stored = stored.FindAll(p => p.Name.Value.Prefix % (ulong)options.Slices == (ulong)options.Slice - 1); }
        if (options.Percent >= 100) { return stored; }
        (ObjectName Name, long Size)[] shuffled = [.. stored];
        RandomNumberGenerator.Shuffle<(ObjectName Name, long Size)>(shuffled);
        return [.. shuffled.Take((int)Math.Ceiling(stored.Count * options.Percent / 100))];
    }

    /// <summary>Not by thread: the pool of threads begins anew several times in a second.</summary>
    private void WithBuffers(Action<PackBuffers> work)
    {
        if (!_buffers.TryTake(out PackBuffers? buffers)) { buffers = new PackBuffers(); }
        work(buffers);
        _buffers.Add(buffers);
    }
}
