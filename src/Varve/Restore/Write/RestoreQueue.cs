using System.Diagnostics.CodeAnalysis;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Restore.Target;
using Varve.Threads;

namespace Varve.Restore.Write;

/// <summary>
/// The pieces that are planned and not yet written, gathered by block, so that a block is fetched and decoded once for all that is wanted
/// of it. Thread-safe: one planner adds, workers take.
/// <para>What is wanted of a block waits until the block is used up; and when there is no more room, or workers have nothing to do, that
/// half of it which grew least lately is given to them in the order of packs and blocks, so that reading stays sequential. Invariant: at
/// most <see cref="MaxPieces"/> pieces, or some more than <see cref="MaxBytes"/>, wait, whatever the size of the snapshot.</para>
/// </summary>
/// <param name="maxLarge">How many large files may be unfinished: each has a descriptor.</param>
internal sealed class RestoreQueue(int maxLarge)
{
    /// <summary>How many pieces wait for a worker at most: a small file costs some 250 bytes of memory.</summary>
    internal const int MaxPieces = 8192;

    /// <inheritdoc cref="MaxPieces"/>
    internal const long MaxBytes = 256 << 20;

    /// <summary>So many are gathered, if they can be, before what is incomplete is given to workers that have nothing to do.</summary>
    private const int EnoughToStart = 2048;

    /// <summary>Who waits for room is woken when there is this much: waking a thread costs more than planning a file.</summary>
    private const int Room = MaxPieces / 16;

    /// <summary>Bytes of idle objects that are kept.</summary>
    private const long MaxIdleBytes = 8 << 20;

    private readonly BoundedPool<WantedBlock> _pool = new(static () => new WantedBlock(), static wanted => wanted.Footprint, MaxIdleBytes);

    // All guarded by _gate. Those not ready are linked from the one that grew least lately.
    private readonly object _gate = new();
    private readonly Dictionary<(ObjectName Pack, uint Number), WantedBlock> _byBlock = [];
    private readonly Queue<WantedBlock> _ready = new();
    private readonly List<WantedBlock> _batch = [];
    private WantedBlock? _oldest, _newest, _latest, _bare;
    private int _waiting, _open, _underWay, _idleWorkers, _large;
    private long _waitingBytes;
    private bool _stopped;

    /// <summary>
    /// A file that is one slice of one chunk. Waits for room; false if the restore was stopped, and then the directory's reference is not
    /// taken over.
    /// </summary>
    internal bool AddSmall(TargetDirectory directory, ReadOnlySpan<byte> name, in EntryStat stat, ReadOnlySpan<byte> details,
        in Extent extent, in ChunkLocation chunk, bool replaces = false)
    {
        lock (_gate)
        {
            if (!WaitForRoom()) { return false; }
            WantedBlock wanted = WantedOf(chunk.Block);
            wanted.AddSmall(directory, name, in stat, details, in extent, in chunk, replaces);
            Added(wanted, extent.Length);
            return true;
        }
    }

    /// <summary>A file that has no data. As <see cref="AddSmall"/>.</summary>
    internal bool AddBare(TargetDirectory directory, ReadOnlySpan<byte> name, in EntryStat stat, ReadOnlySpan<byte> details,
        bool replaces = false)
    {
        lock (_gate)
        {
            if (!WaitForRoom()) { return false; }
            WantedBlock wanted = _bare ??= Append(_pool.Rent());
            wanted.AddBare(directory, name, in stat, details, replaces);
            Added(wanted, 0);
            return true;
        }
    }

    /// <summary>A slice of a large file. As <see cref="AddSmall"/>.</summary>
    internal bool AddPart(LargeFile file, in Extent extent, in ChunkLocation chunk, long fileOffset)
    {
        lock (_gate)
        {
            if (!WaitForRoom()) { return false; }
            WantedBlock wanted = WantedOf(chunk.Block);
            wanted.AddPart(file, in extent, in chunk, fileOffset);
            Added(wanted, extent.Length);
            return true;
        }
    }

    /// <summary>Waits until one more large file may be open; false if the restore was stopped.</summary>
    internal bool BeginLarge()
    {
        lock (_gate)
        {
            while (_large >= maxLarge && !_stopped)
            {
                // Those that are open wait for blocks, and the planner can name no more of them.
                Release(_open);
                Monitor.Wait(_gate);
            }

            _large++;
            return !_stopped;
        }
    }

    /// <summary>A large file was closed.</summary>
    internal void EndLarge()
    {
        lock (_gate)
        {
            if (_large-- == maxLarge) { Monitor.PulseAll(_gate); }
        }
    }

    /// <summary>Gives all to the workers and waits until they have done it, or until the restore was stopped.</summary>
    internal void Drain()
    {
        lock (_gate)
        {
            Release(_open);
            while ((_waiting > 0 || _underWay > 0) && !_stopped) { Monitor.Wait(_gate); }
        }
    }

    /// <summary>What is wanted of a block, which is the caller's until <see cref="Done"/>; false when the restore was stopped.</summary>
    internal bool Take([NotNullWhen(true)] out WantedBlock? wanted)
    {
        lock (_gate)
        {
            while (_ready.Count == 0 && !_stopped)
            {
                _idleWorkers++;
                ReleaseIfIdle();
                if (_ready.Count == 0) { Monitor.Wait(_gate); }
                _idleWorkers--;
            }

            wanted = null;
            if (_stopped || !_ready.TryDequeue(out wanted)) { return false; }
            _underWay++;
            Forget(wanted);
            bool wasFull = IsFull(Room);
            _waiting -= wanted.Count;
            _waitingBytes -= wanted.Bytes;
            if (wasFull && !IsFull(Room)) { Monitor.PulseAll(_gate); }
            return true;
        }
    }

    /// <summary>Takes back what is written.</summary>
    internal void Done(WantedBlock wanted)
    {
        wanted.Clear();
        _pool.Return(wanted);
        lock (_gate)
        {
            if (--_underWay == 0 && _waiting == 0) { Monitor.PulseAll(_gate); }
        }
    }

    /// <summary>Whoever waits, and whoever comes, is told that nothing more is to be done.</summary>
    internal void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
    }

    private bool IsFull(int room) => _waiting > MaxPieces - room || _waitingBytes >= MaxBytes;

    private bool WaitForRoom()
    {
        if (IsFull(room: 1))
        {
            while (IsFull(Room) && !_stopped)
            {
                if (_ready.Count == 0) { Release(_open / 2); }
                Monitor.Wait(_gate);
            }
        }

        return !_stopped;
    }

    private WantedBlock WantedOf(in BlockLocation block)
    {
        if (_latest is { } latest && latest.Block.Number == block.Number && latest.Block.Pack == block.Pack) { return latest; }
        if (!_byBlock.TryGetValue((block.Pack, block.Number), out WantedBlock? wanted))
        {
            wanted = Append(_pool.Rent());
            wanted.Begin(in block);
            _byBlock[(block.Pack, block.Number)] = wanted;
        }

        return _latest = wanted;
    }

    private void Added(WantedBlock wanted, long bytes)
    {
        _waiting++;
        _waitingBytes += bytes;
        if (wanted.IsReady) { return; }
        if (wanted.IsComplete)
        {
            Unlink(wanted);
            MakeReady(wanted);
            return;
        }

        if (wanted != _newest)
        {
            Unlink(wanted);
            Append(wanted);
        }

        ReleaseIfIdle();
    }

    private void ReleaseIfIdle()
    {
        if (_idleWorkers > 0 && _ready.Count == 0 && _waiting >= EnoughToStart) { Release(_open / 2); }
    }

    /// <summary>Gives what grew least lately to workers, but at least one.</summary>
    private void Release(int count)
    {
        for (int i = Math.Max(count, 1); i > 0 && _oldest is { } wanted; i--)
        {
            Unlink(wanted);
            _batch.Add(wanted);
        }

        _batch.Sort(ByPlace);
        foreach (WantedBlock wanted in _batch) { MakeReady(wanted); }
        _batch.Clear();
    }

    private void MakeReady(WantedBlock wanted)
    {
        wanted.IsReady = true;
        if (wanted == _bare) { _bare = null; }
        _ready.Enqueue(wanted);
        if (_idleWorkers > 0) { Monitor.PulseAll(_gate); }
    }

    /// <summary>What a worker has grows no more.</summary>
    private void Forget(WantedBlock wanted)
    {
        if (wanted == _latest) { _latest = null; }
        if (wanted.HasBlock) { _byBlock.Remove((wanted.Block.Pack, wanted.Block.Number)); }
    }

    private WantedBlock Append(WantedBlock wanted)
    {
        (wanted.Older, wanted.Newer) = (_newest, null);
        if (_newest is null) { _oldest = wanted; }
        else { _newest.Newer = wanted; }
        _newest = wanted;
        _open++;
        return wanted;
    }

    private void Unlink(WantedBlock wanted)
    {
        if (wanted.Older is null) { _oldest = wanted.Newer; }
        else { wanted.Older.Newer = wanted.Newer; }
        if (wanted.Newer is null) { _newest = wanted.Older; }
        else { wanted.Newer.Older = wanted.Older; }
        (wanted.Older, wanted.Newer) = (null, null);
        _open--;
    }

    private static int ByPlace(WantedBlock x, WantedBlock y)
    {
        int c = x.Block.Pack.CompareTo(y.Block.Pack);
        return c != 0 ? c : x.Block.Number.CompareTo(y.Block.Number);
    }
}
