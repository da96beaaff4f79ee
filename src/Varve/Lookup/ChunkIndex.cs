using Varve.Model;
using Varve.Model.Packs;

namespace Varve.Lookup;

/// <summary>
/// What chunks there are and where: many index runs, and the chunks that this session has taken on but not yet listed in a run (pending).
///
/// Invariants: of all callers that add the same pending chunk, one is told to store it. A chunk is forgotten as pending only after the run
/// that lists it was added, so it is never absent in between. Chunks of condemned packs count as absent (a writer stores them again) but
/// are found by readers. Thread-safe, except Dispose, which ends all use. Memory: about 60 bytes for each pending chunk, bounded by the
/// caller's checkpoints, and a byte for each pack of a run that lists condemned ones.
/// </summary>
internal sealed class ChunkIndex : IDisposable
{
    private readonly PendingChunks _pending = new();
    private readonly Lock _lock = new();
    private readonly ReadGate _gate = new();

    // Replaced as a whole under _lock; read without, inside _gate. Largest first: that is where most hits are.
    private volatile Listed[] _runs = [];

    // Guarded by _lock.
    private IReadOnlySet<ObjectName>? _condemned;
    private readonly List<RunReader> _retired = [];

    private sealed record Listed(RunReader Run, bool[]? Condemned);

    /// <summary>The runs, largest first.</summary>
    public IReadOnlyList<RunReader> Runs => Array.ConvertAll(_runs, l => l.Run);

    /// <summary>Number of chunks taken on and in no run yet.</summary>
    public long PendingCount => _pending.Count;

    /// <summary>The condemned packs, or null for none. The set must not change afterwards; assign a new one instead.</summary>
    public IReadOnlySet<ObjectName>? Condemned
    {
        get
        {
            lock (_lock) { return _condemned; }
        }

        set
        {
            lock (_lock)
            {
                _condemned = value;
                _runs = Array.ConvertAll(_runs, l => List(l.Run));
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

    /// <summary>Whether a writer need not store a chunk: it is pending, or in a run and a pack that is not condemned.</summary>
    public bool Contains(in ChunkId id)
    {
        if (_pending.Contains(id)) { return true; }
        int gate = _gate.Enter();
        try
        {
            Listed[] runs = _runs;
            Prefetch(runs, id);
            foreach (Listed listed in runs)
            {
                if (listed.Run.TryFind(id, out RunChunk chunk) && !IsCondemned(listed, chunk)) { return true; }
            }

            return false;
        }
        finally { _gate.Leave(gate); }
    }

    /// <summary>Where a chunk lies, preferably in a pack that is not condemned. False for absent chunks and for pending ones.</summary>
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
                if (!listed.Run.TryFind(id, out RunChunk chunk)) { continue; }
                (run, place) = (listed.Run, chunk);
                if (!IsCondemned(listed, chunk)) { break; }
            }

            location = run?.Locate(place) ?? default;
            return run != null;
        }
        finally { _gate.Leave(gate); }
    }

    /// <summary>
    /// Takes a chunk on: true for the first caller only, who must store it. Does not look into runs; ask <see cref="Contains"/> first.
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

    private static bool IsCondemned(Listed listed, in RunChunk chunk) =>
        listed.Condemned != null && listed.Condemned[listed.Run.Block(chunk.Block).Pack];

    // Called under _lock.
    private void Publish(List<Listed> runs)
    {
        runs.Sort(static (x, y) => y.Run.ChunkCount.CompareTo(x.Run.ChunkCount));
        _runs = runs.ToArray();
    }

    // Called under _lock.
    private Listed List(RunReader run)
    {
        bool[]? condemned = null;
        if (_condemned is { Count: > 0 })
        {
            uint i = 0;
            foreach (RunPack pack in run.Packs())
            {
                if (_condemned.Contains(pack.Name)) { (condemned ??= new bool[run.PackCount])[i] = true; }
                i++;
            }
        }

        return new Listed(run, condemned);
    }
}
