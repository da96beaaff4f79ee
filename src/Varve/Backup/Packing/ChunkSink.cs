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
/// another thread (the committer), and <see cref="CloseData"/> where a budget ends, which is what the lock is for.
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
    internal ChunkId StoreData(ReadOnlySpan<byte> chunk)
    {
        ChunkId id = _hasher.Compute(chunk);
        if (_known.Contains(id)) { return id; }
        if (_budget is null) { Add(id, chunk, _data, _dataPacks, null); }
        else if (_budget.Trial is { } trial) { trial.Take(Math.Min(CompressAlone(chunk), chunk.Length)); }
        else if (!Add(id, chunk, _data, _dataPacks, _budget)) { AddTight(id, chunk, _budget); }
        return id;
    }

    /// <summary>Stores a tree, list or failure list unless the repository has it; copies what it is given.</summary>
    internal ChunkId StoreMeta(ReadOnlySpan<byte> chunk)
    {
        ChunkId id = _hasher.Compute(chunk);
        if (!_known.Contains(id) && _budget?.Trial is null) { Add(id, chunk, _meta, _metaPacks, null); }
        return id;
    }

    /// <summary>Sends the open blocks to their packs, however small.</summary>
    internal void Flush()
    {
        lock (_lock)
        {
            Close(_data, _dataPacks);
            Close(_meta, _metaPacks);
        }
    }

    /// <summary>Sends the open block of content to its pack: what it comes to is known then.</summary>
    internal void CloseData()
    {
        lock (_lock) { Close(_data, _dataPacks); }
    }

    /// <summary>Adds a chunk to a block; false if it does not fit into the budget, raw as it is.</summary>
    private bool Add(in ChunkId id, ReadOnlySpan<byte> chunk, BlockBuilder block, PackLanes packs, Budget? budget)
    {
        lock (_lock)
        {
            if (budget is not null && !budget.TryTake(chunk.Length)) { return false; }
            Append(in id, chunk, block, packs, budget);
            return true;
        }
    }

    /// <summary>
    /// The same where the budget ends: whatever is open counts with what it comes to, then the chunk with what it comes to by itself.
    /// </summary>
    private void AddTight(in ChunkId id, ReadOnlySpan<byte> chunk, Budget budget)
    {
        if (budget.IsSpent) { throw new BudgetSpentException(); }
        if (budget.TryTakeSettled(chunk.Length))
        {
            lock (_lock) { Append(in id, chunk, _data, _dataPacks, budget); }
            return;
        }

        lock (_lock)
        {
            int length = CompressAlone(chunk), stored = Math.Min(length, chunk.Length);
            if (!budget.TryTakeStored(stored)) { throw new BudgetSpentException(); }
            if (!_known.TryAddPending(id))
            {
                budget.GiveBackStored(stored);
                return;
            }

            PackedChunk[] alone = [new PackedChunk(id, (uint)chunk.Length)];
            if (length < chunk.Length) { _dataPacks.Add(_compressed.AsSpan(0, length), (uint)chunk.Length, Codec.Zstd, alone); }
            else { _dataPacks.Add(chunk, (uint)chunk.Length, Codec.Raw, alone); }
        }

        Interlocked.Add(ref _tally.BytesAdded, chunk.Length);
    }

    private int CompressAlone(ReadOnlySpan<byte> chunk)
    {
        lock (_lock)
        {
            ReserveCompressed(chunk.Length);
            return _compressor.Compress(chunk, _compressed);
        }
    }

    /// <summary>Adds a chunk that the budget has taken on, unless it is there by now. Under the lock.</summary>
    private void Append(in ChunkId id, ReadOnlySpan<byte> chunk, BlockBuilder block, PackLanes packs, Budget? budget)
    {
        if (!_known.TryAddPending(id))
        {
            budget?.GiveBack(chunk.Length);
            return;
        }

        if (block == _data && chunk.Length >= CompressionProbe.MinLength && _probe.IsHopeless(chunk))
        {
            // A block of its own, sealed from where it lies.
            packs.Add(chunk, (uint)chunk.Length, Codec.Raw, [new PackedChunk(id, (uint)chunk.Length)]);
            budget?.Settle(chunk.Length, chunk.Length);
        }
        else
        {
            if (!block.HasRoomFor(chunk.Length)) { Close(block, packs); }
            block.Append(id, chunk);
            if (block.IsFull) { Close(block, packs); }
        }

        Interlocked.Add(ref _tally.BytesAdded, chunk.Length);
    }

    private void Close(BlockBuilder block, PackLanes packs)
    {
        ReadOnlySpan<byte> raw = block.Raw;
        if (block.IsEmpty) { return; }
        ReserveCompressed(raw.Length, block.Capacity);
        int length = _compressor.Compress(raw, _compressed);
        if (length < raw.Length) { packs.Add(_compressed.AsSpan(0, length), (uint)raw.Length, Codec.Zstd, block.Chunks); }
        else { packs.Add(raw, (uint)raw.Length, Codec.Raw, block.Chunks); }
        if (block == _data) { _budget?.Settle(raw.Length, Math.Min(length, raw.Length)); }
        block.Clear();
    }

    private void ReserveCompressed(int length, int capacity = 0)
    {
        if (_compressed.Length >= ZstdCompressor.Bound(length)) { return; }
        _compressed = GC.AllocateUninitializedArray<byte>(ZstdCompressor.Bound(Math.Max(length, capacity)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _compressor.Dispose();
        _probe.Dispose();
    }
}
