using System.Numerics;
using Varve.Model;

namespace Varve.Platform.Zstd;

/// <summary>
/// Compresses into zstd frames (RFC 8878) that state their content size and carry no checksum: blocks are authenticated anyway. One native
/// context, reused by each call; not thread-safe: one per worker. No managed allocation per call.
/// </summary>
internal sealed unsafe class ZstdCompressor : IDisposable
{
    private readonly ZstdLibrary _library;
    private nint _context;

    // Level 3 has long-match tables of 2^17 entries, for a window of 2 MiB; twice that for twice the window (decision 0027).
    private const int TunedLevel = 3, TunedFromWindowLog = 22, TunedHashLog = 18;
    private const int LeastWindowLog = 18, MostWindowLog = 27;

    /// <summary>
    /// Creates the context. <paramref name="level"/> is zstd's, 1 to 22. <paramref name="length"/>: what is compressed mostly, in bytes.
    /// Matches are then found over all of it, where zstd's own window for the level may be shorter.
    /// </summary>
    /// <exception cref="VarveException">Unsupported: libzstd is missing.</exception>
    public ZstdCompressor(int level, int length = 0) : this(level, ZstdLibrary.Shared, length) { }

    internal ZstdCompressor(int level, ZstdLibrary library, int length = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(level, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, 22);
        _library = library;
        _context = library.CreateCompressor();
        if (_context == 0) { throw new InsufficientMemoryException("libzstd could not allocate a compression context"); }

        Set(ZstdLibrary.CompressionLevel, level);
        if (length > 1 << LeastWindowLog)
        {
            int windowLog = Math.Min(MostWindowLog, BitOperations.Log2((uint)length - 1) + 1);
            Set(ZstdLibrary.WindowLog, windowLog);
            if (level == TunedLevel && windowLog >= TunedFromWindowLog) { Set(ZstdLibrary.HashLog, TunedHashLog); }
        }

        Set(ZstdLibrary.ContentSizeFlag, 1);
        Set(ZstdLibrary.ChecksumFlag, 0);
    }

    /// <summary>Frees the context.</summary>
    ~ZstdCompressor() => Free();

    /// <summary>The largest frame that <paramref name="length"/> bytes can become.</summary>
    /// <exception cref="VarveException">Unsupported: libzstd is missing.</exception>
    public static int Bound(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return checked((int)ZstdLibrary.Shared.Bound((nuint)length));
    }

    /// <summary>Compresses <paramref name="source"/> into one frame and returns its length.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="Bound"/> of the source's length.</exception>
    public int Compress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        if ((nuint)destination.Length < _library.Bound((nuint)source.Length))
        {
            throw new ArgumentException("shorter than Bound(source.Length)", nameof(destination));
        }

        nuint written;
        fixed (byte* from = source, to = destination)
        {
            written = _library.Compress(_context, to, (nuint)destination.Length, from, (nuint)source.Length);
        }

        GC.KeepAlive(this);
        return _library.IsError(written) ? throw Failed(written) : (int)written;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Set(int parameter, int value)
    {
        nuint result = _library.SetParameter(_context, parameter, value);
        if (_library.IsError(result)) { throw Failed(result); }
    }

    // With a destination of Bound bytes, zstd fails for lack of memory only.
    private InsufficientMemoryException Failed(nuint result) => new($"libzstd could not compress: {_library.ErrorName(result)}");

    private void Free()
    {
        if (_context != 0)
        {
            _library.FreeCompressor(_context);
            _context = 0;
        }
    }
}
