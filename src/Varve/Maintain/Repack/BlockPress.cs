using System.Runtime.ExceptionServices;
using Varve.Model.Packs;
using Varve.Platform.Zstd;

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
    private readonly object _lock = new();
    private readonly ZstdCompressor _compressor = new(level, blockSize);
    private byte[] _compressed = [];
    private Thread? _thread;

    // Guarded by _lock.
    private RepackBlock? _waiting, _idle = new(blockSize);
    private bool _isBusy, _isOver;
    private Exception? _error;

    /// <summary>Takes a block, and its payload as it is to be stored.</summary>
    internal delegate void Pressed(RepackBlock block, ReadOnlySpan<byte> payload, Codec codec);

    /// <summary>Hands a block over, and takes an empty one for it, when the one before is compressed.</summary>
    internal RepackBlock Exchange(RepackBlock full)
    {
        if (_thread is null)
        {
            _thread = new Thread(Work) { Name = "varve-repack", IsBackground = true };
            _thread.Start();
        }

        lock (_lock)
        {
            Await();
            RepackBlock empty = _idle!;
            (_idle, _waiting) = (null, full);
            Monitor.PulseAll(_lock);
            return empty;
        }
    }

    /// <summary>Waits until all that was handed over is done.</summary>
    internal void Drain()
    {
        lock (_lock) { Await(); }
    }

    /// <summary>Ends what it does, and takes nothing more; what it throws from here on is of no interest to anybody.</summary>
    internal void Stop()
    {
        lock (_lock)
        {
            (_isOver, _waiting) = (true, null);
            Monitor.PulseAll(_lock);
        }

        _thread?.Join();
    }

    private void Await()
    {
        while ((_waiting is not null || _isBusy) && _error is null) { Monitor.Wait(_lock); }
        if (_error is not null) { ExceptionDispatchInfo.Throw(_error); }
    }

    private void Work()
    {
        while (true)
        {
            RepackBlock block;
            lock (_lock)
            {
                while (_waiting is null && !_isOver) { Monitor.Wait(_lock); }
                if (_waiting is null) { return; }
                (block, _waiting, _isBusy) = (_waiting, null, true);
            }

            Exception? error = null;
            try { Press(block); }
#pragma warning disable CA1031 // a thread's edge: Await throws it
            catch (Exception e) { error = e; }
#pragma warning restore CA1031
            lock (_lock)
            {
                (_idle, _isBusy, _error) = (block, false, error);
                _isOver |= error is not null;
                Monitor.PulseAll(_lock);
            }
        }
    }

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
