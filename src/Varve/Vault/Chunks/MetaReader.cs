using Varve.Model;
using Varve.Model.Packs;

namespace Varve.Vault.Chunks;

/// <summary>
/// Reads meta chunks (trees, lists) by id. The last decoded blocks are kept: neighbouring trees lie in one block. Every chunk is checked
/// against its id. Thread-safe.
/// <para>Buffers of blocks that are no longer kept serve again, so that reading a whole repository's trees allocates a bounded number of
/// them: but only those that were handed out through a <see cref="MetaScope"/> alone, which tells when it is done with them.</para>
/// </summary>
/// <param name="chunks">Where chunks come from.</param>
/// <param name="most">Bytes of blocks that are kept, about: never fewer than a few blocks.</param>
internal sealed class MetaReader(IChunkSource chunks, long most = 16 << 20)
{
    private const int MaxBlocks = 16, MinBlocks = 4, MaxIdle = 2;

    private readonly object _lock = new();
    private readonly Dictionary<(ObjectName Pack, uint Number), LinkedListNode<MetaBlock>> _blocks = [];
    private readonly LinkedList<MetaBlock> _recent = new();
    private readonly Stack<LinkedListNode<MetaBlock>> _idle = new();
    private long _bytes;

    /// <summary>The chunk's bytes; valid as long as the caller holds them.</summary>
    /// <exception cref="VarveException">Damaged: the chunk is missing or is not what its id says.</exception>
    internal ReadOnlyMemory<byte> Read(ChunkId id) => Read(id, null);

    /// <summary>For reading many trees, one after the other, by one thread.</summary>
    internal MetaScope OpenScope() => new(this);

    internal ReadOnlyMemory<byte> Read(ChunkId id, MetaScope? scope)
    {
        if (!chunks.TryLocate(id, out ChunkLocation location)) { throw VarveException.Damaged(Subject.Chunk(id), "no index run knows it"); }

        VarveException reason;
        try
        {
            ReadOnlyMemory<byte> bytes = Block(location.Block, scope).Raw.AsMemory((int)location.Offset, (int)location.Length);
            if (chunks.IsChunk(id, bytes.Span)) { return bytes; }
            reason = ChunkSource.Mismatch(id, location.Block.Pack);
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound) { reason = e; }

        return chunks.Rescue(id, location.Block, reason);
    }

    /// <summary>A scope is done with a block.</summary>
    internal void Release(MetaBlock block)
    {
        lock (_lock) { block.Users--; }
    }

    private MetaBlock Block(in BlockLocation location, MetaScope? scope)
    {
        var key = (location.Pack, location.Number);
        LinkedListNode<MetaBlock>? node;
        lock (_lock)
        {
            if (_blocks.TryGetValue(key, out node))
            {
                _recent.Remove(node);
                _recent.AddFirst(node);
                return Use(node.Value, scope);
            }

            if (!_idle.TryPop(out node)) { node = new LinkedListNode<MetaBlock>(new MetaBlock()); }
        }

        // Nobody else knows the block yet.
        MetaBlock block = node.Value;
        if (block.Raw.Length < location.RawLength)
        {
            block.Raw = GC.AllocateUninitializedArray<byte>((int)(location.RawLength + location.RawLength / 8));
        }
        chunks.ReadBlock(in location, block.Raw.AsSpan(0, (int)location.RawLength));
        lock (_lock)
        {
            Use(block, scope);
            if (!_blocks.TryAdd(key, node)) { return block; } // another thread read the same: this copy goes to the collector
            block.Key = key;
            _recent.AddFirst(node);
            _bytes += block.Raw.Length;
            while (_recent.Count > MinBlocks && (_recent.Count > MaxBlocks || _bytes > most)) { Drop(_recent.Last!); }
        }

        return block;
    }

    private void Drop(LinkedListNode<MetaBlock> node)
    {
        _recent.Remove(node);
        _blocks.Remove(node.Value.Key);
        _bytes -= node.Value.Raw.Length;
        if (node.Value.Users == 0 && !node.Value.Escaped && _idle.Count < MaxIdle) { _idle.Push(node); }
    }

    private static MetaBlock Use(MetaBlock block, MetaScope? scope)
    {
        if (scope is null) { block.Escaped = true; }
        else if (scope.Takes(block)) { block.Users++; }
        return block;
    }
}
