using Varve.Model;

namespace Varve.Platform.Zstd;

/// <summary>
/// Decodes zstd frames one behind the other, as far as a stream goes. Windows of more than 128 MiB are refused, as by zstd itself. Not
/// thread-safe. Disposes the stream below.
/// </summary>
internal sealed unsafe class ZstdReadStream : Stream
{
    private readonly ZstdLibrary _library = ZstdLibrary.Shared;
    private readonly Stream _below;
    private readonly byte[] _input = GC.AllocateUninitializedArray<byte>(128 << 10);
    private nint _context;
    private int _at, _filled;
    private bool _isWithin;

    /// <summary>Creates it over a stream of frames.</summary>
    /// <exception cref="VarveException">Unsupported: libzstd is missing.</exception>
    public ZstdReadStream(Stream below)
    {
        _below = below;
        _context = _library.CreateDecompressor();
        if (_context == 0) { throw new InsufficientMemoryException("libzstd could not allocate a decompression context"); }
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    /// <exception cref="VarveException">Damaged.</exception>
    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        while (!buffer.IsEmpty)
        {
            if (_at == _filled)
            {
                (_at, _filled) = (0, _below.Read(_input));
                if (_filled == 0)
                {
                    return !_isWithin ? 0 : throw VarveException.Damaged(Subject.None, "its last zstd frame is cut short");
                }
            }

            nuint result;
            int written;
            fixed (byte* from = _input, to = buffer)
            {
                var input = new ZstdLibrary.Buffer { Bytes = from, Length = (nuint)_filled, Position = (nuint)_at };
                var output = new ZstdLibrary.Buffer { Bytes = to, Length = (nuint)buffer.Length };
                result = _library.DecompressStream(_context, &output, &input);
                (written, _at) = ((int)output.Position, (int)input.Position);
            }

            if (_library.IsError(result))
            {
                throw VarveException.Damaged(Subject.None, $"it cannot be decoded: {_library.ErrorName(result)}");
            }

            _isWithin = result != 0;
            if (written > 0) { return written; }
        }

        return 0;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_context != 0)
        {
            _library.FreeDecompressor(_context);
            _context = 0;
        }

        if (disposing) { _below.Dispose(); }
        base.Dispose(disposing);
    }
}
