using Varve.Store.Lines;

namespace Varve.S3;

/// <summary>
/// A connection to a service: within the limits of the line, and given up when nothing moves either way for long, which the library would
/// wait for without end. Whoever waits for an answer while the request is still on its way waits as long as that moves. Owns the stream.
/// As thread-safe as that.
/// </summary>
internal sealed class WatchedStream(Stream stream, LineLimits limits, TimeProvider time) : Stream
{
    /// <summary>An answer may take long: a service that joins many parts.</summary>
    internal static readonly TimeSpan LongestRead = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan s_longestWrite = TimeSpan.FromSeconds(60);

    private long _moved;

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
        int read = await WatchAsync(LongestRead, t => stream.ReadAsync(buffer, t), cancellationToken).ConfigureAwait(false);
        if (limits.Download is { } paid) { await paid.TakeAsync(read, cancellationToken).ConfigureAwait(false); }
        return read;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            int now = Math.Min(buffer.Length, limits.Upload?.Piece ?? buffer.Length);
            if (limits.Upload is { } limit) { await limit.TakeAsync(now, cancellationToken).ConfigureAwait(false); }
            await WatchAsync(s_longestWrite, async t =>
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

    private async ValueTask<int> WatchAsync(TimeSpan most, Func<CancellationToken, ValueTask<int>> move, CancellationToken cancelled)
    {
        Volatile.Write(ref _moved, time.GetTimestamp());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        Task<int> moving = move(stop.Token).AsTask();
        while (!moving.IsCompleted)
        {
            TimeSpan left = most - time.GetElapsedTime(Volatile.Read(ref _moved));
            if (left <= TimeSpan.Zero)
            {
                stop.Cancel();
                await ((Task)moving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw new IOException($"nothing moves any more since {most.TotalSeconds:0} s");
            }

            await Task.WhenAny(moving, Task.Delay(left, time, stop.Token)).ConfigureAwait(false);
        }

        try { return await moving.ConfigureAwait(false); }
        finally
        {
            Volatile.Write(ref _moved, time.GetTimestamp());
            stop.Cancel(); // the pause
        }
    }
}
