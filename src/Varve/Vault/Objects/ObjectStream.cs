using System.Buffers;
using System.Security.Cryptography;
using Varve.Store;

namespace Varve.Vault.Objects;

/// <summary>A stored object as a forward-only stream, fetched in pieces of 1 MiB: large index runs need not fit into memory.</summary>
internal sealed class ObjectStream(IStore store, string key, long length) : Stream
{
    private const int PieceLength = 1 << 20;

    private byte[] _piece = ArrayPool<byte>.Shared.Rent(PieceLength);
    private long _fetched;
    private int _at, _end;

    /// <summary>Takes all bytes in as they are fetched, or null.</summary>
    internal IncrementalHash? Hash { get; init; }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => length;
    public override long Position { get => _fetched - (_end - _at); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        if (_at == _end)
        {
            int want = (int)Math.Min(PieceLength, length - _fetched);
            if (want == 0) { return 0; }
            store.GetRange(key, _fetched, _piece.AsSpan(0, want));
            Hash?.AppendData(_piece, 0, want);
            _fetched += want;
            _at = 0;
            _end = want;
        }

        int count = Math.Min(buffer.Length, _end - _at);
        _piece.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    protected override void Dispose(bool disposing)
    {
        if (_piece.Length > 0) { ArrayPool<byte>.Shared.Return(_piece); }
        _piece = [];
        base.Dispose(disposing);
    }

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
