using System.Buffers;

namespace Varve.Seal;

/// <summary>
/// Cuts a stream, read to its end, into segments of one size; only the last may be shorter, and there is always a last. It reads one byte
/// ahead to know which is. For one foreach, which returns the buffer at its end.
/// </summary>
internal ref struct SegmentReader
{
    private readonly Stream _source;
    private readonly int _size;
    private byte[] _buffer;
    private int _ahead;
    private Segment _current;
    private bool _ended;

    internal SegmentReader(Stream source, int size)
    {
        _source = source;
        _size = size;
        _buffer = ArrayPool<byte>.Shared.Rent(size + 1);
    }

    public readonly Segment Current => _current;

    public readonly SegmentReader GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_ended) { return false; }

        if (_ahead > 0) { _buffer[0] = _buffer[_size]; }

        int wanted = _size + 1 - _ahead;
        int length = _ahead + _source.ReadAtLeast(_buffer.AsSpan(_ahead, wanted), wanted, throwOnEndOfStream: false);
        _ahead = length > _size ? 1 : 0;
        _ended = _ahead == 0;
        _current = new Segment(_buffer.AsSpan(0, length - _ahead), _ended);
        return true;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = [];
    }

    /// <summary>One segment, valid until the next.</summary>
    internal readonly ref struct Segment
    {
        internal Segment(ReadOnlySpan<byte> bytes, bool isLast)
        {
            Bytes = bytes;
            IsLast = isLast;
        }

        internal ReadOnlySpan<byte> Bytes { get; }

        internal bool IsLast { get; }
    }
}
