using Varve.Model.Packs;
using Varve.Platform.Zstd;
using Varve.Threads;

namespace Varve.Maintain.Repack;

/// <summary>
/// Compresses blocks in a thread of its own: one is compressed while the next is put together. What it throws comes out of the next call.
/// For one thread that puts blocks together.
/// </summary>
/// <param name="blockSize">Raw bytes at which a block is full.</param>
/// <param name="level">Zstd's.</param>
/// <param name="done">Takes a block with its payload, in the thread of this; the payload is valid during the call.</param>
internal sealed class BlockPress(int blockSize, int level, BlockPress.Pressed done) : IDisposable
{
    private readonly ZstdCompressor _compressor = new(level, blockSize);
    private OrderedPipeline<RepackBlock>? _pipeline; // of one block
    private RepackBlock? _idle = new(blockSize); // null while a block is handed over
    private byte[] _compressed = [];

    /// <summary>Takes a block, and its payload as it is to be stored.</summary>
    internal delegate void Pressed(RepackBlock block, ReadOnlySpan<byte> payload, Codec codec);

    /// <summary>Hands a block over, and takes an empty one for it, when the one before is compressed.</summary>
    internal RepackBlock Exchange(RepackBlock full)
    {
        _pipeline ??= new OrderedPipeline<RepackBlock>("varve-repack", threads: 1, bound: 1, () => Press);
        Drain();
        RepackBlock empty = _idle!;
        _idle = null;
        _pipeline.Put(full, 1);
        return empty;
    }

    /// <summary>Waits until all that was handed over is done.</summary>
    internal void Drain()
    {
        if (_idle is null && _pipeline!.Take(out RepackBlock done)) { _idle = done; }
    }

    /// <summary>Ends what it does, and takes nothing more; what it throws from here on is of no interest to anybody.</summary>
    internal void Stop() => _pipeline?.Dispose();

    private void Press(RepackBlock block)
    {
        ReadOnlySpan<byte> raw = block.Chunks.Raw;
        if (_compressed.Length < ZstdCompressor.Bound(raw.Length)) { _compressed = new byte[ZstdCompressor.Bound(block.Chunks.Capacity)]; }
        int length = _compressor.Compress(raw, _compressed);
        if (length < raw.Length) { done(block, _compressed.AsSpan(0, length), Codec.Zstd); }
        else { done(block, raw, Codec.Raw); }
        block.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _compressor.Dispose();
    }
}
