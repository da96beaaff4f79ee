using Varve.Store.Lines;

namespace Varve.App.Serve.Network;

/// <summary>
/// A body that is counted, and moved no faster than is allowed. A piece of it that does not move within two minutes ends it: Kestrel counts
/// over the whole time, so that whoever was fast might sleep for months. Not thread-safe; the stream inside stays its owner's.
/// </summary>
/// <param name="inner">The body.</param>
/// <param name="limit">What is allowed; null: as it comes.</param>
internal sealed class MeteredStream(Stream inner, RateLimit? limit) : Stream
{
    private const int Piece = 64 << 10;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>How many bytes went through.</summary>
    internal long Moved { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => inner.CanRead;

    /// <inheritdoc/>
    public override bool CanWrite => inner.CanWrite;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (limit is not null && buffer.Length > limit.Piece) { buffer = buffer[..limit.Piece]; }
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        int read = await inner.ReadAsync(buffer, patience.Token).ConfigureAwait(false);
        Moved += read;
        if (limit is not null && read > 0) { await limit.TakeAsync(read, cancellationToken).ConfigureAwait(false); }
        return read;
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            ReadOnlyMemory<byte> piece = buffer[..Math.Min(buffer.Length, limit?.Piece ?? Piece)];
            if (limit is not null) { await limit.TakeAsync(piece.Length, cancellationToken).ConfigureAwait(false); }
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(s_patience);
            await inner.WriteAsync(piece, patience.Token).ConfigureAwait(false);
            Moved += piece.Length;
            buffer = buffer[piece.Length..];
        }
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
