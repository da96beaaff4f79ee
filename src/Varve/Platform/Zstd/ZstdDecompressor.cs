using Varve.Model;

namespace Varve.Platform.Zstd;

/// <summary>
/// Decodes single zstd frames (RFC 8878) of a length known beforehand. One native context, reused by each call; not thread-safe: one per
/// worker. No managed allocation per call. Memory does not depend on what a hostile frame claims: output goes straight into the
/// destination.
/// </summary>
internal sealed unsafe class ZstdDecompressor : IDisposable
{
    private readonly ZstdLibrary _library;
    private nint _context;

    /// <summary>Creates the context.</summary>
    /// <exception cref="VarveException">Unsupported: libzstd is missing.</exception>
    public ZstdDecompressor()
    {
        _library = ZstdLibrary.Shared;
        _context = _library.CreateDecompressor();
        if (_context == 0) { throw new InsufficientMemoryException("libzstd could not allocate a decompression context"); }
    }

    /// <summary>Frees the context.</summary>
    ~ZstdDecompressor() => Free();

    /// <summary>Decodes one frame that fills <paramref name="destination"/> exactly; never writes beyond it.</summary>
    /// <exception cref="VarveException">Damaged: not one whole frame, or its content has another length. The destination's bytes are then
    /// undefined.</exception>
    public void Decompress(ReadOnlySpan<byte> frame, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        nuint size, written;
        fixed (byte* from = frame, to = destination)
        {
            // zstd itself would decode several frames, or skip foreign ones, without a word.
            size = _library.FindFrameSize(from, (nuint)frame.Length);
            written = size == (nuint)frame.Length
                ? _library.Decompress(_context, to, (nuint)destination.Length, from, (nuint)frame.Length)
                : 0;
        }

        GC.KeepAlive(this);
        if (_library.IsError(size)) { throw VarveException.Damaged(Subject.None, $"it is no zstd frame: {_library.ErrorName(size)}"); }

        if (size != (nuint)frame.Length)
        {
            throw VarveException.Damaged(Subject.None, $"its zstd frame ends after {size} of {frame.Length} bytes");
        }

        if (_library.IsError(written))
        {
            throw VarveException.Damaged(Subject.None, $"its zstd frame cannot be decoded: {_library.ErrorName(written)}");
        }

        if (written != (nuint)destination.Length)
        {
            throw VarveException.Damaged(Subject.None, $"its zstd frame holds {written} bytes, not {destination.Length}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_context != 0)
        {
            _library.FreeDecompressor(_context);
            _context = 0;
        }
    }
}
