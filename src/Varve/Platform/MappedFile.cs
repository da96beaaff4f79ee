using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Varve.Platform;

/// <summary>
/// A file mapped read-only into memory: pages come in when they are touched. Reading is thread-safe. It must not be used, nor any
/// span of it, after <see cref="Dispose"/>; nor may the file be shortened while it is mapped (the kernel would end the process).
/// </summary>
public sealed unsafe partial class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly SafeMemoryMappedViewHandle _handle;
    private const int DontNeed = 4;

    private byte* _start;

    [LibraryImport("libc")]
    private static partial int madvise(byte* address, nuint length, int advice);

    private MappedFile(MemoryMappedFile file, MemoryMappedViewAccessor view, long length)
    {
        (_file, _view, Length) = (file, view, length);
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
            file = MemoryMappedFile.CreateFromFile(stream, null, length, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            return new MappedFile(file, file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read), length);
        }
        catch
        {
            file?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    /// <summary>A view of <paramref name="length"/> bytes; what lies outside the file throws <see cref="ArgumentOutOfRangeException"/>.</summary>
    public ReadOnlySpan<byte> Span(long offset, int length)
    {
        byte* start = _start;
        ObjectDisposedException.ThrowIf(start == null, this);
        if (offset < 0 || length < 0 || offset > Length - length) { throw new ArgumentOutOfRangeException(nameof(offset)); }
        return new ReadOnlySpan<byte>(start + offset, length);
    }

    /// <summary>
    /// Gives the pages back that were touched; they come in again, from the page cache, when they are. May be called while others read.
    /// </summary>
    public void Trim() => madvise(_start, (nuint)Length, DontNeed);

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
