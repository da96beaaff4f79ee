using System.IO.MemoryMappedFiles;
using System.Runtime.Intrinsics.X86;
using Microsoft.Win32.SafeHandles;

namespace Varve.Platform;

/// <summary>
/// A file mapped read-only into memory: pages come in when they are touched, and count as this process's from then on. <see cref="Read"/>
/// reads without that. Reading is thread-safe. It must not be used, nor any span of it, after <see cref="Dispose"/>; nor may the file be
/// shortened while it is mapped (the kernel would end the process).
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly SafeMemoryMappedViewHandle _handle;
    private readonly int _fd; // open as long as _file is

    private byte* _start;

    private MappedFile(MemoryMappedFile file, MemoryMappedViewAccessor view, int fd, long length)
    {
        (_file, _view, _fd, Length) = (file, view, fd, length);
        _handle = view.SafeMemoryMappedViewHandle;
        byte* pointer = null;
        _handle.AcquirePointer(ref pointer);
        _start = pointer + view.PointerOffset;
    }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>Maps a file, or returns null if it is empty (nothing to map). Throws what <see cref="FileStream"/> throws.</summary>
    public static MappedFile? Open(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1);
        long length = stream.Length;
        if (length == 0)
        {
            stream.Dispose();
            return null;
        }

        MemoryMappedFile? file = null;
        try
        {
            file = MemoryMappedFile.CreateFromFile(stream, null, length, MemoryMappedFileAccess.Read, HandleInheritability.None,
                leaveOpen: false);
            return new MappedFile(file, file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read),
                (int)stream.SafeFileHandle.DangerousGetHandle(), length);
        }
        catch
        {
            file?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A view of <paramref name="length"/> bytes; what lies outside the file throws <see cref="ArgumentOutOfRangeException"/>.
    /// </summary>
    public ReadOnlySpan<byte> Span(long offset, int length)
    {
        byte* start = _start;
        ObjectDisposedException.ThrowIf(start == null, this);
        if (offset < 0 || length < 0 || offset > Length - length) { throw new ArgumentOutOfRangeException(nameof(offset)); }
        return new ReadOnlySpan<byte>(start + offset, length);
    }

    /// <summary>
    /// Has the processor fetch what lies there into its cache, without waiting for it. A hint, and nothing outside the file is touched.
    /// </summary>
    public void Prefetch(long offset)
    {
        if (Sse.IsSupported && _start != null && (ulong)offset < (ulong)Length) { Sse.Prefetch0(_start + offset); }
    }

    /// <summary>
    /// Reads bytes into <paramref name="destination"/> by a system call: no page of the mapping becomes resident. What lies outside the
    /// file throws <see cref="ArgumentOutOfRangeException"/>; a disk that fails, <see cref="IOException"/>.
    /// </summary>
    public void Read(long offset, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_start == null, this);
        if (offset < 0 || offset > Length - destination.Length) { throw new ArgumentOutOfRangeException(nameof(offset)); }
        for (int done = 0; done < destination.Length;)
        {
            int errno = Posix.ReadAt(_fd, destination[done..], offset + done, out int read);
            if (read == 0) { throw new IOException(errno != 0 ? Errno.Message(errno) : "the file is shorter than it was"); }
            done += read;
        }
    }

    /// <summary>Unmaps the file. May be called twice.</summary>
    public void Dispose()
    {
        if (_start == null) { return; }
        _start = null;
        _handle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
