namespace Varve.Archives.Lists;

/// <summary>Cuts a stream into lines. One buffer, which grows to the longest line and no further than such a line may be.</summary>
internal sealed class LineBuffer(Stream stream, string source)
{
    private byte[] _bytes = new byte[64 << 10];
    private int _start, _end;
    private bool _isEnded;

    /// <summary>Whether everything was read.</summary>
    internal bool IsAtEnd { get; private set; }

    /// <summary>The beginning of what is still to be read: 64 KiB, or all there is.</summary>
    internal ReadOnlySpan<byte> Peek()
    {
        while (_end < _bytes.Length && Fill()) { }
        return _bytes.AsSpan(_start, _end - _start);
    }

    /// <summary>
    /// The next line, without what ends it; empty and <see cref="IsAtEnd"/> when there is none. <paramref name="isCut"/>: it is too long,
    /// or ends in the middle of its fields; it was passed over. What it gives holds until the next call.
    /// </summary>
    internal ReadOnlySpan<byte> Next(ListFormat format, out bool isCut)
    {
        isCut = false;
        int scanned = _start, fields = format.Layout == ListLayout.Fields ? format.FieldsBefore : 0;
        bool hasFurther = fields > 0; // or may have
        while (true)
        {
            int found = _bytes.AsSpan(scanned, _end - scanned).IndexOf(format.End);
            if (found >= 0)
            {
                int end = scanned + found;
                if (fields == 0) { return Take(end, end + 1); }
                // A field of its own key is one more than the format has.
                hasFurther = hasFurther && ListLine.FurtherLength(_bytes.AsSpan(scanned, found + 1), format.End) > 0;
                if (!hasFurther) { fields--; }
                scanned = end + 1;
                continue;
            }

            int length = _end - _start, at = scanned - _start, searched = fields == 0 ? length : at;
            if (length >= ListReader.LongestLine)
            {
                isCut = true;
                PassOver(format.End);
                return default;
            }

            if (!Fill())
            {
                if (length == 0)
                {
                    IsAtEnd = true;
                    return default;
                }

                isCut = fields > 0;
                return Take(_end, _end);
            }

            scanned = _start + searched;
        }
    }

    private Span<byte> Take(int end, int next)
    {
        Span<byte> line = _bytes.AsSpan(_start, end - _start);
        _start = next;
        return line;
    }

    private void PassOver(byte end)
    {
        while (true)
        {
            int found = _bytes.AsSpan(_start, _end - _start).IndexOf(end);
            _start = found >= 0 ? _start + found + 1 : _end;
            if (found >= 0 || !Fill()) { return; }
        }
    }

    /// <summary>Reads more behind what there is, and moves that to the front first if there is no room; false at the end.</summary>
    private bool Fill()
    {
        if (_isEnded) { return false; }
        if (_end == _bytes.Length && _start > 0)
        {
            _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _bytes.Length) { Array.Resize(ref _bytes, _bytes.Length * 2); }
        int read;
        try { read = stream.Read(_bytes, _end, _bytes.Length - _end); }
        catch (IOException e)
        {
            throw new VarveException(ErrorKind.Storage, Subject.Path(source), $"cannot be read: {e.Message}", Advice.None, e);
        }

        _end += read;
        _isEnded = read == 0;
        return read > 0;
    }
}
