using Varve.Model;

namespace Varve.Repositories;

/// <summary>
/// Reads meta chunks (trees, lists) by id. The last decoded blocks are kept: neighbouring trees lie in one block. Every chunk is checked against its id. Thread-safe.
/// </summary>
internal sealed class MetaReader(Repository repository)
{
    private const int MaxBlocks = 24;

    private readonly object _lock = new();
    private readonly Dictionary<(ObjectName Pack, uint Number), LinkedListNode<(ObjectName Pack, uint Number, byte[] Raw)>> _blocks = [];
    private readonly LinkedList<(ObjectName Pack, uint Number, byte[] Raw)> _recent = new();

    /// <summary>The chunk's bytes; valid as long as the caller holds them.</summary>
    /// <exception cref="VarveException">Damaged: the chunk is missing or is not what its id says.</exception>
    internal ReadOnlyMemory<byte> Read(ChunkId id)
    {
        if (!repository.Indexes.TryLocate(id, out ChunkLocation location))
        {
            throw VarveException.Damaged($"chunk {id}", "no index run knows it");
        }

        VarveException reason;
        try
        {
            ReadOnlyMemory<byte> bytes = Block(location.Block).AsMemory((int)location.Offset, (int)location.Length);
            if (repository.Hasher.Compute(bytes.Span) == id) { return bytes; }
            reason = ChunkRescue.Mismatch(id, location.Block.Pack);
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            reason = e;
        }

        return repository.Rescue.Read(id, location.Block, reason);
    }

    private byte[] Block(in BlockLocation block)
    {
        var key = (block.Pack, block.Number);
        lock (_lock)
        {
            if (_blocks.TryGetValue(key, out var node))
            {
                _recent.Remove(node);
                _recent.AddFirst(node);
                return node.Value.Raw;
            }
        }

        var raw = new byte[block.RawLength];
        repository.Blocks.Read(in block, raw);
        lock (_lock)
        {
            if (!_blocks.ContainsKey(key))
            {
                _blocks[key] = _recent.AddFirst((block.Pack, block.Number, raw));
                if (_recent.Count > MaxBlocks)
                {
                    (ObjectName pack, uint number, _) = _recent.Last!.Value;
                    _recent.RemoveLast();
                    _blocks.Remove((pack, number));
                }
            }
        }

        return raw;
    }
}
