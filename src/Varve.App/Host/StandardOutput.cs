using Microsoft.Win32.SafeHandles;
using Varve.App.Output;

namespace Varve.App.Host;

/// <summary>
/// File descriptor 1 as a stream that tells when its reader has gone (<see cref="BrokenPipeException"/>): the console's own stream
/// swallows that, and a dump into <c>head</c> would go on to the end.
/// </summary>
internal sealed class StandardOutput : Stream
{
    private const int BrokenPipe = 32; // EPIPE

    private readonly Stream _inner = Open();

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try { _inner.Write(buffer); }
        catch (IOException e) when (e.HResult == BrokenPipe) { throw new BrokenPipeException(); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // The latter: closed.
        {
            throw new VarveException(ErrorKind.Storage, Subject.None, $"cannot write to standard output: {e.Message}", Advice.None, e);
        }
    }

    public override void Flush() { }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    private static Stream Open()
    {
        try
        {
            var file = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!file.CanSeek) { return file; }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // Closed or odd: the console's stream copes.
        }

        // Regular files: a FileStream would keep its own offset and leave the shared one behind, so that what the shell
        // writes next would overwrite ours.
        return Console.OpenStandardOutput();
    }
}
