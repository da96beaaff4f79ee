using System.Runtime.Intrinsics.X86;

namespace Varve.Platform.Files;

/// <summary>
/// A range of a file in memory, page by page: a page is read when it is first touched, and counts as this process's from then on. Not a
/// mapping, which ends the process (SIGBUS) when somebody cuts the file short, or its disk fails: here that is an error. Reading is
/// thread-safe. It must not be used, nor any span of it, after <see cref="Dispose"/>.
/// </summary>
internal sealed unsafe class PagedBytes : IDisposable
{
    private const int PageBits = 16, PageLength = 1 << PageBits;

    private readonly int _fd; // the maker's, who keeps it open
    private readonly long _offset;
    private readonly byte[] _present; // by page: whether it is there
    private byte* _start;

    /// <summary>
    /// For <paramref name="length"/> bytes from <paramref name="offset"/> on of a file that stays open. Takes address space, no memory yet.
    /// </summary>
    /// <exception cref="InsufficientMemoryException">There is no address space left.</exception>
    public PagedBytes(int fd, long offset, int length)
    {
        (_fd, _offset, Length) = (fd, offset, length);
        _present = new byte[(length + PageLength - 1) >> PageBits];
        _start = Posix.MapMemory(length);
    }

    /// <summary>Bytes.</summary>
    public int Length { get; }

    /// <summary>
    /// A view of bytes of the range. What lies outside it throws <see cref="ArgumentOutOfRangeException"/>; a disk that fails, or a file
    /// that is shorter by now, <see cref="IOException"/>.
    /// </summary>
    public ReadOnlySpan<byte> Span(long offset, int length)
    {
        byte* start = _start;
        ObjectDisposedException.ThrowIf(start == null, this);
        if (offset < 0 || length < 0 || offset > Length - length) { throw new ArgumentOutOfRangeException(nameof(offset)); }
        for (long page = offset >> PageBits; page << PageBits < offset + length; page++)
        {
            if (Volatile.Read(ref _present[page]) == 0) { Fetch((int)page); }
        }

        return new ReadOnlySpan<byte>(start + offset, length);
    }

    /// <summary>
    /// Has the processor fetch what lies there into its cache, without waiting for it. A hint; nothing is read from the file.
    /// </summary>
    public void Prefetch(long offset)
    {
        if (Sse.IsSupported && _start != null && (ulong)offset < (ulong)Length) { Sse.Prefetch0(_start + offset); }
    }

    /// <summary>Gives the memory back. May be called twice.</summary>
    public void Dispose()
    {
        if (_start == null) { return; }
        Posix.UnmapMemory(_start, Length);
        _start = null;
    }

    // Two threads may do it at once: they put the same bytes there.
    private void Fetch(int page)
    {
        int at = page << PageBits, errno = 0;
        var rest = new Span<byte>(_start + at, Math.Min(PageLength, Length - at));
        while (!rest.IsEmpty && errno == 0)
        {
            errno = Posix.ReadAt(_fd, rest, _offset + at, out int read);
            if (read == 0) { throw new IOException(errno != 0 ? Errno.Message(errno) : "the file is shorter than it was"); }
            at += read;
            rest = rest[read..];
        }

        Volatile.Write(ref _present[page], 1);
    }
}
