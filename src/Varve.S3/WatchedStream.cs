using Varve.Store.Lines;

namespace Varve.S3;

/// <summary>
/// A connection to a service: within the limits of the line, and given up when nothing moves for long, which the library would wait for
/// without end. Owns the stream. As thread-safe as that.
/// </summary>
internal sealed class WatchedStream(Stream stream, LineLimits limits) : Stream
{
    // An answer may take long: a service that joins many parts.
    private static readonly TimeSpan s_writes = TimeSpan.FromSeconds(60), s_reads = TimeSpan.FromMinutes(5);

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (limits.Download is { } limit && buffer.Length > limit.Piece) { buffer = buffer[..limit.Piece]; }
        int read = await Watch(s_reads, t => stream.ReadAsync(buffer, t), cancellationToken).ConfigureAwait(false);
        if (limits.Download is { } paid) { await paid.TakeAsync(read, cancellationToken).ConfigureAwait(false); }
        return read;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            int now = Math.Min(buffer.Length, limits.Upload?.Piece ?? buffer.Length);
            if (limits.Upload is { } limit) { await limit.TakeAsync(now, cancellationToken).ConfigureAwait(false); }
            await Watch(s_writes, async t =>
            {
                await stream.WriteAsync(buffer[..now], t).ConfigureAwait(false);
                return now;
            }, cancellationToken).ConfigureAwait(false);
            buffer = buffer[now..];
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override Task FlushAsync(CancellationToken cancellationToken) => stream.FlushAsync(cancellationToken);

    public override void Flush() => stream.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) { stream.Dispose(); }
        base.Dispose(disposing);
    }

    private static async ValueTask<int> Watch(TimeSpan most, Func<CancellationToken, ValueTask<int>> move, CancellationToken cancelled)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        patience.CancelAfter(most);
        try { return await move(patience.Token).ConfigureAwait(false); }
        catch (OperationCanceledException e) when (!cancelled.IsCancellationRequested)
        {
            throw new IOException("nothing moves any more", e);
        }
    }
}
