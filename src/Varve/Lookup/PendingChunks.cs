using Varve.Model;

namespace Varve.Lookup;

/// <summary>
/// The chunks that this session has taken on and no index run lists yet: sets split by id, so that workers seldom meet. Thread-safe.
/// </summary>
internal sealed class PendingChunks
{
    private const int ShardBits = 6;

    private readonly Shard[] _shards = new Shard[1 << ShardBits];
    private long _count;

    internal PendingChunks()
    {
        for (int i = 0; i < _shards.Length; i++) { _shards[i] = new Shard(); }
    }

    internal long Count => Interlocked.Read(ref _count);

    internal bool Contains(in ChunkId id)
    {
        Shard shard = Of(id);
        lock (shard.Lock) { return shard.Ids.Contains(id); }
    }

    internal bool TryAdd(in ChunkId id)
    {
        Shard shard = Of(id);
        lock (shard.Lock)
        {
            if (!shard.Ids.Add(id)) { return false; }
        }

        Interlocked.Increment(ref _count);
        return true;
    }

    internal void Remove(in ChunkId id)
    {
        Shard shard = Of(id);
        lock (shard.Lock)
        {
            if (!shard.Ids.Remove(id)) { return; }
        }

        Interlocked.Decrement(ref _count);
    }

    internal void Clear()
    {
        foreach (Shard shard in _shards)
        {
            lock (shard.Lock)
            {
                Interlocked.Add(ref _count, -shard.Ids.Count);
                shard.Ids.Clear();
            }
        }
    }

    private Shard Of(in ChunkId id) => _shards[id.Value.Prefix >> (64 - ShardBits)];

    private sealed class Shard
    {
        internal readonly Lock Lock = new();

        // Guarded by Lock.
        internal readonly HashSet<ChunkId> Ids = [];
    }
}
