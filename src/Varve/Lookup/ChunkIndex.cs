using Varve.Model;
using Varve.Model.Packs;
using Varve.Threads;

namespace Varve.Lookup;

/// <summary>
/// What chunks there are and where: many index runs, and the chunks that this session has taken on but not yet listed in a run (pending).
///
/// Invariants: of all callers that add the same pending chunk, one is told to store it. A chunk is forgotten as pending only after the run
/// that lists it was added, so it is never absent in between. Chunks of packs that are to be read last count as absent (a writer stores
/// them again) but are found by readers. Thread-safe, except Dispose, which ends all use. Memory: about 60 bytes for each pending chunk,
/// bounded by the caller's checkpoints, and a byte for each pack of a run of which not all are used.
/// </summary>
internal sealed class ChunkIndex : IDisposable
{
    private readonly PendingChunks _pending = new();
    private readonly Lock _lock = new();
    private readonly ReadGate _gate = new();

    // Replaced as a whole under _lock; read without, inside _gate. Largest first: that is where most hits are.
    private volatile Listed[] _runs = [];

    // Guarded by _lock.
    private PackRules _rules = PackRules.None;
    private readonly List<RunReader> _retired = [];

    private sealed record Listed(RunReader Run, PackUse[]? Uses);

    /// <summary>The runs, largest first.</summary>
    public IReadOnlyList<RunReader> Runs => Array.ConvertAll(_runs, l => l.Run);

    /// <summary>Number of chunks taken on and in no run yet.</summary>
    public long PendingCount => _pending.Count;

    /// <summary>How packs and runs are used.</summary>
    public PackRules Rules
    {
        set
        {
            lock (_lock)
            {
                Listed[] runs = Array.ConvertAll(_runs, l => new Listed(l.Run, value.Of(l.Run)));
                (_rules, _runs) = (value, runs);
            }
        }
    }

    /// <summary>Adds a run, which the index owns from then on.</summary>
    public void AddRun(RunReader run)
    {
        lock (_lock) { Publish([.. _runs, List(run)]); }
    }

    /// <summary>
    /// Puts a run in the place of the one of that name, or takes that one out (null). The old one stays open until <see cref="Dispose"/>:
    /// others may be reading it.
    /// </summary>
    public void Replace(ObjectName name, RunReader? run)
    {
        lock (_lock)
        {
            var runs = new List<Listed>(_runs);
            foreach (Listed old in runs.FindAll(l => l.Run.Name == name))
            {
                runs.Remove(old);
                _retired.Add(old.Run);
            }

            if (run is not null) { runs.Add(List(run)); }
            Publish(runs);
        }
    }

    /// <summary>
    /// Puts a run in the place of several that hold the same, and closes those as soon as no look-up is in them. The caller sees to it that
    /// nobody else uses them by way of <see cref="Runs"/>.
    /// </summary>
    public void Merge(IReadOnlyCollection<RunReader> runs, RunReader merged)
    {
        lock (_lock) { Publish([.. _runs.Where(l => !runs.Contains(l.Run)), List(merged)]); }

        _gate.WaitForReaders();
        foreach (RunReader run in runs) { run.Dispose(); }
    }

    /// <summary>
    /// Forgets all pending chunks: the run that took them on has ended, and what it did not list in an index run may not be stored.
    /// </summary>
    public void ForgetAllPending() => _pending.Clear();

    /// <summary>
    /// Whether a writer need not store a chunk: it is pending, or in a run and a pack that it may rely on. If it lies in packs only that
    /// are to be verified first, one of them.
    /// </summary>
    public Presence Ask(in ChunkId id, out RunPack doubted)
    {
        doubted = default;
        if (_pending.Contains(id)) { return Presence.Present; }
        Presence answer = Presence.Absent;
        int gate = _gate.Enter();
        try
        {
            Listed[] runs = _runs;
            Prefetch(runs, id);
            foreach (Listed listed in runs)
            {
                if (!listed.Run.TryFind(id, out RunChunk chunk, out uint at)) { continue; }
                if (listed.Uses is null || UseOf(listed, chunk) == PackUse.None) { return Presence.Present; }
                for (at = listed.Run.FirstOf(id, at); listed.Run.TryRead(id, at, out chunk); at++)
                {
                    uint pack = listed.Run.Block(chunk.Block).Pack;
                    if (listed.Uses[pack] == PackUse.None) { return Presence.Present; }
                    if (listed.Uses[pack] != PackUse.Doubted) { continue; }
                    (answer, doubted) = (Presence.Doubted, listed.Run.Pack(pack));
                }
            }

            return answer;
        }
        finally { _gate.Leave(gate); }
    }

    /// <summary>
    /// Where a chunk lies, preferably in a pack that is not to be read last. False for absent chunks and for pending ones.
    /// </summary>
    public bool TryFind(in ChunkId id, out ChunkLocation location)
    {
        RunReader? run = null;
        RunChunk place = default;
        int gate = _gate.Enter();
        try
        {
            Listed[] runs = _runs;
            Prefetch(runs, id);
            foreach (Listed listed in runs)
            {
                if (!listed.Run.TryFind(id, out RunChunk chunk, out uint at)) { continue; }
                PackUse use = listed.Uses is null ? PackUse.None : Best(listed, id, at, ref chunk);
                if ((use & PackUse.LeftOut) != 0 || (run is not null && (use & PackUse.Last) != 0)) { continue; }
                (run, place) = (listed.Run, chunk);
                if ((use & PackUse.Last) == 0) { break; }
            }

            location = run?.Locate(place) ?? default;
            return run is not null;
        }
        finally { _gate.Leave(gate); }
    }

    /// <summary>All places of a chunk that count, those to be read last at the end. For when one has failed: it allocates.</summary>
    public IReadOnlyList<ChunkPlace> Places(in ChunkId id)
    {
        var places = new List<ChunkPlace>();
        int gate = _gate.Enter();
        try
        {
            foreach (Listed listed in _runs)
            {
                if (!listed.Run.TryFind(id, out RunChunk chunk, out uint at)) { continue; }
                for (at = listed.Run.FirstOf(id, at); listed.Run.TryRead(id, at, out chunk); at++)
                {
                    uint i = listed.Run.Block(chunk.Block).Pack;
                    PackUse use = listed.Uses?[i] ?? PackUse.None;
                    if ((use & PackUse.LeftOut) != 0) { continue; }
                    places.Add(new ChunkPlace(listed.Run.Pack(i), listed.Run.Locate(chunk), use));
                }
            }
        }
        finally { _gate.Leave(gate); }

        return [.. places.OrderBy(static p => p.Use & PackUse.Last)];
    }

    /// <summary>Tells of all places that count, run by run.</summary>
    public void ForEach(ChunkVisitor visit)
    {
        foreach (Listed listed in _runs) { listed.Run.ForEach(visit, listed.Uses); }
    }

    /// <summary>All packs, as often as runs that count list them.</summary>
    public IReadOnlyList<(ObjectName Origin, RunPack Pack)> Listings()
    {
        var listings = new List<(ObjectName, RunPack)>();
        int gate = _gate.Enter();
        try
        {
            foreach (Listed listed in _runs)
            {
                IReadOnlyList<RunOrigin> origins = listed.Run.Origins();
                uint i = 0;
                foreach (RunPack pack in listed.Run.Packs())
                {
                    PackUse use = listed.Uses?[i++] ?? PackUse.None;
                    if ((use & PackUse.LeftOut) == 0) { listings.Add((origins[(int)pack.Origin].Run, pack)); }
                }
            }
        }
        finally { _gate.Leave(gate); }

        return listings;
    }

    /// <summary>
    /// Takes a chunk on: true for the first caller only, who must store it. Does not look into runs; ask <see cref="Ask"/> first.
    /// </summary>
    public bool TryAddPending(in ChunkId id) => _pending.TryAdd(id);

    /// <summary>Forgets the pending chunks of a pack whose run was added.</summary>
    public void ForgetPending(PackContents pack)
    {
        foreach (PackedBlock block in pack.Blocks)
        {
            foreach (PackedChunk chunk in block.Chunks) { _pending.Remove(chunk.Id); }
        }
    }

    /// <summary>Closes the runs.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (Listed listed in _runs) { listed.Run.Dispose(); }
            foreach (RunReader run in _retired) { run.Dispose(); }
            _runs = [];
        }
    }

    // Each run costs a wait for memory, if one is asked after the other; so they come in together.
    private static void Prefetch(Listed[] runs, in ChunkId id)
    {
        if (runs.Length < 2) { return; }
        foreach (Listed listed in runs) { listed.Run.Prefetch(id); }
    }

    // The best place of a chunk in a run, of whose places the one at a place is one.
    private static PackUse Best(Listed listed, in ChunkId id, uint at, ref RunChunk chunk)
    {
        PackUse best = UseOf(listed, chunk);
        if ((best & (PackUse.Last | PackUse.LeftOut)) == 0) { return best; }
        for (at = listed.Run.FirstOf(id, at); listed.Run.TryRead(id, at, out RunChunk other); at++)
        {
            PackUse use = UseOf(listed, other);
            bool isBetter = (use & PackUse.LeftOut) == 0 && ((best & PackUse.LeftOut) != 0 || (use & PackUse.Last) == 0);
            if (!isBetter) { continue; }
            (best, chunk) = (use, other);
            if ((best & PackUse.Last) == 0) { break; }
        }

        return best;
    }

    private static PackUse UseOf(Listed listed, in RunChunk chunk) => listed.Uses![listed.Run.Block(chunk.Block).Pack];

    // Called under _lock.
    private void Publish(List<Listed> runs)
    {
        runs.Sort(static (x, y) => y.Run.ChunkCount.CompareTo(x.Run.ChunkCount));
        _runs = runs.ToArray();
    }

    // Called under _lock.
    private Listed List(RunReader run) => new(run, _rules.Of(run));
}
