using Varve.Format;
using Varve.Lookup;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Seal;
using Varve.Vault.Runs;

namespace Varve.Vault.Chunks;

/// <summary>
/// The chunks of a repository for readers: the index leads to blocks, blocks are decoded, chunks are compared with their ids. Thread-safe.
/// </summary>
internal sealed class ChunkSource(Lazy<IndexSet> indexes, BlockReader blocks, PackVerifier verifier, ChunkHasher hasher) : IChunkSource
{
    private readonly Lock _lock = new();

    // Guarded by _lock: the block that was rescued from last. Where a false pack is found out, much else that was to come from it waits.
    private BlockLocation _last;
    private byte[]? _lastRaw;

    /// <inheritdoc/>
    public bool TryLocate(in ChunkId id, out ChunkLocation location) => indexes.Value.TryLocate(id, out location);

    /// <inheritdoc/>
    public bool TryLocate(in ChunkId id, long end, out ChunkLocation location) => indexes.Value.TryLocate(id, end, out location);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> ReadBlock(scoped in BlockLocation block, BlockBuffers buffers) => blocks.Read(in block, buffers);

    /// <inheritdoc/>
    public void ReadBlock(in BlockLocation block, Span<byte> raw) => blocks.Read(in block, raw);

    /// <inheritdoc/>
    public bool IsChunk(in ChunkId id, ReadOnlySpan<byte> bytes) => hasher.Compute(bytes) == id;

    /// <inheritdoc/>
    public byte[] Rescue(in ChunkId id, in BlockLocation failed, VarveException reason)
    {
        IndexSet index = indexes.Value;
        var tried = new HashSet<ChunkLocation>();
        while (true)
        {
            long version = index.Version;
            foreach (ChunkPlace place in index.Places(id))
            {
                // What is last already has failed before: it is not read again for each chunk that is in it.
                bool isKnown = place.Location.Block == failed && (place.Use & PackUse.Last) != 0;
                if (tried.Add(place.Location) && !isKnown && TryRead(index, id, in place) is { } chunk) { return chunk; }
            }

            // reader_lists_anew. Another thread may have done it meanwhile.
            if (index.Version == version && !index.ListAnew() && index.Version == version && !index.Recover()) { throw reason; }
        }
    }

    /// <summary>The reason for a chunk that is not what its id says.</summary>
    internal static VarveException Mismatch(in ChunkId id, ObjectName pack) =>
        VarveException.Damaged(Subject.Object(ObjectKeys.Pack(pack)).Within($"chunk {id}"), "its bytes do not match its id");

    private byte[]? TryRead(IndexSet index, in ChunkId id, in ChunkPlace place)
    {
        bool isRead = false;
        try
        {
            byte[] raw = Block(place.Location.Block);
            isRead = true;
            ReadOnlySpan<byte> chunk = raw.AsSpan((int)place.Location.Offset, (int)place.Location.Length);
            if (IsChunk(id, chunk)) { return chunk.ToArray(); }
        }
        catch (VarveException e) when (e.Kind is ErrorKind.Damaged or ErrorKind.NotFound)
        {
            // Another place may be better.
        }

        if ((place.Use & PackUse.Last) != 0) { return null; }
        RunPack pack = place.Pack;
        PackVerdict verdict = verifier.Judge(in pack, isRead);
        if (verdict == PackVerdict.FalsePack)
        {
            // If only the copy in the cache says that the chunk is there, the pack is none the worse.
            index.Prove();
            ChunkLocation location = place.Location;
            if (!index.Places(id).Any(p => p.Location == location)) { return null; }
        }

        index.Settle(in pack, verdict);
        return null;
    }

    private byte[] Block(in BlockLocation block)
    {
        lock (_lock)
        {
            if (_lastRaw is not null && _last == block) { return _lastRaw; }
        }

        BlockReader.RequireLengths(in block);
        var raw = new byte[block.RawLength];
        blocks.Read(in block, raw);
        lock (_lock) { (_last, _lastRaw) = (block, raw); }
        return raw;
    }
}
