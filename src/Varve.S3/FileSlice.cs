using Microsoft.Win32.SafeHandles;

namespace Varve.S3;

/// <summary>
/// A part of a file as a stream that can be read again. The file stays its owner's, and its position is nobody's: several slices are read
/// at once. One slice is not thread-safe.
/// </summary>
internal sealed class FileSlice(SafeFileHandle file, long start, long length) : Stream
{
    private long _at;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _at;
        set => _at = value;
    }

    public override int Read(Span<byte> buffer)
    {
        int most = (int)Math.Min(buffer.Length, Math.Max(0, length - _at));
        if (most == 0) { return 0; }
        int read = RandomAccess.Read(file, buffer[..most], start + _at);
        if (read == 0) { throw new InvalidDataException("the spooled object is cut short"); }
        _at += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => _at = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _at + offset,
        _ => length + offset,
    };

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
