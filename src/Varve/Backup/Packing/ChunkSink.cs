using Varve.Backup.Run;
using Varve.Format;
using Varve.Model;
using Varve.Model.Packs;
using Varve.Pack;
using Varve.Platform.Zstd;
using Varve.Seal;

namespace Varve.Backup.Packing;

/// <summary>
/// A thread's own way of storing chunks: its open data and meta blocks, its compressor and buffers. Only <see cref="Flush"/> is called by
/// another thread (the committer), which is what the lock is for.
/// <para>Invariant for checkpoints: a chunk is claimed and appended in one step under the lock. So whoever saw it claimed, and told the
/// committer of a file that needs it, did so before a flush that comes later and finds it in the block.</para>
/// </summary>
internal sealed class ChunkSink : IDisposable
{
    private const int MetaBlockSize = 1 << 20;

    private readonly object _lock = new();
    private readonly IKnownChunks _known;
    private readonly ChunkHasher _hasher;
    private readonly RunTally _tally;
    private readonly Budget? _budget; // for content
    private readonly PackLanes _dataPacks, _metaPacks;
    private readonly ZstdCompressor _compressor;
    private readonly BlockBuilder _data, _meta;
    private readonly CompressionProbe _probe = new();
    private byte[] _compressed = [];

    /// <param name="known">What need not be stored.</param>
    /// <param name="hasher">Names chunks.</param>
    /// <param name="sizes">The repository's header: how large blocks are, and chunks at most.</param>
    /// <param name="level">How hard to compress.</param>
    /// <param name="packs">Where blocks of content go, and those of trees and lists.</param>
    /// <param name="tally">Counts what is new.</param>
    /// <param name="budget">Bounds content; null: no bound.</param>
    internal ChunkSink(
        IKnownChunks known, ChunkHasher hasher, RepositoryHeader sizes, int level, (PackLanes Data, PackLanes Meta) packs, RunTally tally,
        Budget? budget)
    {
        _known = known;
        _hasher = hasher;
        _tally = tally;
        _budget = budget;
        (_dataPacks, _metaPacks) = packs;
        _compressor = new ZstdCompressor(level, sizes.BlockSize);
        _data = new BlockBuilder(sizes.BlockSize, sizes.ChunkMax);

        // Leaves, lists and failure lists have their own bounds, beyond those of content; and they are read one by one, so that their
        // blocks are smaller.
        _meta = new BlockBuilder(Math.Min(sizes.BlockSize, MetaBlockSize), Limits.MaxChunk);
    }

    /// <summary>Stores a piece of file content unless the repository has it; copies what it is given.</summary>
    /// <exception cref="BudgetSpentException">It does not fit into the budget.</exception>
    internal ChunkId StoreData(ReadOnlySpan<byte> chunk) => Store(chunk, _data, _dataPacks);

    /// <summary>Stores a tree, list or failure list unless the repository has it; copies what it is given.</summary>
    internal ChunkId StoreMeta(ReadOnlySpan<byte> chunk) => Store(chunk, _meta, _metaPacks);

    /// <summary>Sends the open blocks to their packs, however small.</summary>
    internal void Flush()
    {
        lock (_lock)
        {
            Close(_data, _dataPacks);
            Close(_meta, _metaPacks);
        }
    }

    private ChunkId Store(ReadOnlySpan<byte> chunk, BlockBuilder block, PackLanes packs)
    {
        ChunkId id = _hasher.Compute(chunk);
        if (_known.Contains(id)) { return id; }
        lock (_lock)
        {
            Budget? budget = block == _data ? _budget : null;
            if (budget is not null && !budget.TryTake(chunk.Length)) { throw new BudgetSpentException(); }
            if (!_known.TryAddPending(id))
            {
                budget?.GiveBack(chunk.Length);
                return id;
            }

            if (block == _data && chunk.Length >= CompressionProbe.MinLength && _probe.IsHopeless(chunk))
            {
                // A block of its own, sealed from where it lies.
                packs.Add(chunk, (uint)chunk.Length, Codec.Raw, [new PackedChunk(id, (uint)chunk.Length)]);
            }
            else
            {
                if (!block.HasRoomFor(chunk.Length)) { Close(block, packs); }
                block.Append(id, chunk);
                if (block.IsFull) { Close(block, packs); }
            }
        }

        Interlocked.Add(ref _tally.BytesAdded, chunk.Length);
        return id;
    }

    private void Close(BlockBuilder block, PackLanes packs)
    {
        ReadOnlySpan<byte> raw = block.Raw;
        if (block.IsEmpty) { return; }
        if (_compressed.Length < ZstdCompressor.Bound(raw.Length))
        {
            _compressed = GC.AllocateUninitializedArray<byte>(ZstdCompressor.Bound(block.Capacity));
        }
        int length = _compressor.Compress(raw, _compressed);
        if (length < raw.Length) { packs.Add(_compressed.AsSpan(0, length), (uint)raw.Length, Codec.Zstd, block.Chunks); }
        else { packs.Add(raw, (uint)raw.Length, Codec.Raw, block.Chunks); }
        if (block == _data) { _budget?.Settle(raw.Length, Math.Min(length, raw.Length)); }
        block.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _compressor.Dispose();
        _probe.Dispose();
    }
}
