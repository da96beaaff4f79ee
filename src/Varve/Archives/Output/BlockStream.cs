using System.Buffers;
using Varve.Archives.Feed;
using Varve.Threads;

namespace Varve.Archives.Output;

/// <summary>
/// A stream that is compressed by blocks, on all cores: what is written is gathered into blocks, threads compress them, and one more thread
/// writes them in their order. Written to by one thread.
/// </summary>
internal sealed class BlockStream : Stream
{
    private const int MostBlocks = 4; // for each thread

    private readonly OrderedPipeline<Block> _pipeline;
    private readonly Thread _writer;
    private readonly int _blockLength;
    private Block _block;
    private long _handed; // bytes of the blocks that were handed on
    private long _taken, _written; // bytes of those that are written, before and after they were compressed; guarded by _writer
    private bool _hasFailed; // guarded by _writer

    /// <summary>A block on its way.</summary>
    internal sealed class Block(int length) : IDisposable
    {
        private byte[]? _bytes = ArrayPool<byte>.Shared.Rent(length);

        /// <summary>Room for what is to be compressed.</summary>
        internal byte[] Raw => _bytes!;

        /// <summary>Bytes of that.</summary>
        internal int RawLength { get; set; }

        /// <summary>Whether it is the last.</summary>
        internal bool IsLast { get; set; }

        /// <summary>What became of it.</summary>
        internal byte[] Packed { get; set; } = [];

        /// <summary>Bytes of that.</summary>
        internal int PackedLength { get; set; }

        /// <summary>The CRC-32 of what was compressed, if that is wanted.</summary>
        internal uint Crc { get; set; }

        /// <inheritdoc/>
        public void Dispose()
        {
            if (_bytes is not null) { ArrayPool<byte>.Shared.Return(_bytes); }
            if (Packed.Length > 0) { ArrayPool<byte>.Shared.Return(Packed); }
            _bytes = null;
            Packed = [];
        }
    }

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">How many compress.</param>
    /// <param name="blockLength">Bytes of a block.</param>
    /// <param name="compress">Makes what a thread compresses with.</param>
    /// <param name="write">Writes a block that is compressed; called in order by one thread.</param>
    internal BlockStream(int threads, int blockLength, Func<Action<Block>> compress, Action<Block> write)
    {
        _blockLength = blockLength;
        _block = new Block(blockLength);
        _pipeline = new OrderedPipeline<Block>("varve-compress", threads, (long)threads * MostBlocks, compress);
        _writer = new Thread(() => WriteAll(write)) { IsBackground = true, Name = "varve-write" };
        _writer.Start();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int room = Math.Min(buffer.Length, _blockLength - _block.RawLength);
            buffer[..room].CopyTo(_block.Raw.AsSpan(_block.RawLength));
            _block.RawLength += room;
            buffer = buffer[room..];
            if (_block.RawLength == _blockLength) { Hand(isLast: false); }
        }
    }

    /// <summary>Bytes that are written at most once all is that was put in: what is not compressed yet may become longer.</summary>
    internal long Bound
    {
        get
        {
            lock (_writer) { return _written + MostOf(_handed - _taken + _block.RawLength); }
        }
    }

    /// <summary>Bytes that so many come to at most, in whatever blocks.</summary>
    internal static long MostOf(long raw) => raw == 0 ? 0 : raw + (raw / 128) + 4096;

    /// <summary>Compresses and writes what was put in.</summary>
    internal void Settle()
    {
        Hand(isLast: false);
        lock (_writer)
        {
            while (_taken < _handed && !_hasFailed) { Monitor.Wait(_writer); }
            if (!_hasFailed) { return; }
        }

        _pipeline.Drain(); // throws what stopped the writer
        throw new OperationCanceledException();
    }

    /// <summary>Compresses what is left, and returns when all is written.</summary>
    internal void Finish()
    {
        Hand(isLast: true);
        _pipeline.Complete();
        _pipeline.Drain();
        _writer.Join();
        _pipeline.Drain(); // throws what stopped the writer
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _pipeline.Stop();
        _writer.Join();
        _pipeline.Dispose();
        _block.Dispose();
        base.Dispose(disposing);
    }

    private void Hand(bool isLast)
    {
        if (_block.RawLength == 0 && !isLast) { return; }
        _block.IsLast = isLast;
        lock (_writer) { _handed += _block.RawLength; }
        _pipeline.Put(_block, 1);
        _block = new Block(_blockLength);
    }

    private void WriteAll(Action<Block> write)
    {
        try
        {
            while (_pipeline.Take(out Block block))
            {
                using (block)
                {
                    write(block);
                    lock (_writer)
                    {
                        (_taken, _written) = (_taken + block.RawLength, _written + block.PackedLength);
                        Monitor.PulseAll(_writer);
                    }
                }
            }
        }
#pragma warning disable CA1031 // a thread's edge: who writes throws it on
        catch (Exception e)
        {
            _pipeline.Stop(e);
            lock (_writer)
            {
                _hasFailed = true;
                Monitor.PulseAll(_writer);
            }
        }
#pragma warning restore CA1031
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
