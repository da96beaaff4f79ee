namespace Varve.App.Output;

/// <summary>Standard output as the stream a dump writes to; the caller flushes the <see cref="TextOutput"/>.</summary>
internal sealed class DumpStream(TextOutput output) : Stream
{
    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Write(byte[] buffer, int offset, int count) => output.WriteBytes(buffer.AsSpan(offset, count));
    public override void Write(ReadOnlySpan<byte> buffer) => output.WriteBytes(buffer);
    public override void Flush() => output.Flush();
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
}
